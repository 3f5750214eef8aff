"""One download over all its tries: what to ask for, what to make of each answer, when to try again, when it is whole.

The clients only send, receive and wait; what is decided is decided here, for all of them alike. Used by one thread at a
time. What touches files or the queue says so: an event loop calls that in a thread.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from workers.net.answers import check_size, host_of, length_of, sent_on_to
from workers.net.finish import REMOVED, checked, name_file, shown, why_failed
from workers.net.host_gate import places_at
from workers.net.names import disposition_name, last_part, safe_name, url_name
from workers.net.order import Saved
from workers.net.part import Part
from workers.net.resume import Source, goes_on, is_all, range_headers, validator_of
from workers.net.retry import Backoff
from workers.net.wire import Cancelled, DownloadError, Passing
from workers.thumbnail import NoPicture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.download_queue import DownloadQueue
    from workers.net.answers import Answer
    from workers.net.host_gate import HostGate, Place
    from workers.net.order import Order
    from workers.picture import Picture

NOTE_BYTES = 1 << 20
"""Once so many bytes have come, the queue is told what they are of. A program that is killed loses no more."""

HELD_BYTES = 2_000_000
"""Clients that do not write as they read write a file of more than this bit by bit, and smaller ones at once."""

NOT_WHOLE = "The connection ended before the whole file had come."
_LOOKS_LIKE_A_FILE = re.compile(r".+\.[A-Za-z0-9]{1,5}")


class Transfer:
    """A download, within a `with`: its errors leave that as sentences for people, and its part file goes or stays.

    Attributes:
        order: what is to be downloaded.
        deadlines: how long it may take.
        end: when its time is over, in seconds of `time.monotonic`; for clients that do not keep that themselves.
        is_whole: nothing is to be asked for any more.
    """

    def __init__(self, order: Order, gate: HostGate, queue: DownloadQueue | None = None) -> None:
        """Make it; nothing is asked for or opened yet.

        Args:
            order: what is to be downloaded.
            gate: the places that this process has at hosts.
            queue: the queue that the order is of.

        Raises:
            ValueError: the order makes no sense, with a sentence for people.
        """
        order.check()
        self.order, self.deadlines = order, order.deadlines
        self.end = time.monotonic() + order.total_s
        self.is_whole = False
        self._gate, self._queue = gate, queue
        self._backoff = Backoff(order.tries)
        self._part = Part(hashed=bool(queue is not None or order.sha256))
        self._folder = order.into
        self._source = Source(order.url)
        self._head: Mapping[str, str] | None = None  # of the answer that has to tell its validator yet
        self._came = 0.0  # and when that came
        self._noted = ""  # what the queue has of the source
        self._is_noted = False  # whether it was told of this one
        self._held: list[bytes] = []  # bytes that are here and not in the part yet
        self._got = self._told = 0  # bytes that are here, and bytes that were told of as progress
        self._is_anew = False  # what is in the part is to go before more is written
        self._takes_ranges = True
        self._is_joined = self._end_is_sure = False
        self._found_done = ""  # the name of a file that an earlier run had finished
        self._keeps_part = queue is not None

    # ---------------------------------------------------------------- asking

    def open(self) -> None:
        """Open the part file, before the first request; what an earlier run left of it is gone on with. Touches files.

        Raises:
            DownloadError: it is not to be downloaded, or not now.
            OSError: there can be no part file.
        """
        if self._part.is_open or self._found_done:
            return
        if self._queue is None:
            self._part.open_new(self._folder, safe_name(self.order.name))
            return
        item = self._queue.get(self.order.item)
        if item is None:
            raise DownloadError(REMOVED)
        self._folder = item.folder
        item = self._queue.settle_item(item)
        if item.state == "done":
            self.is_whole, self._found_done = True, item.name
            return
        self._part.open_kept(self._queue.part(item))
        self._noted = self._queue.validator(item.id)
        self._source = Source.read(self._noted, self.order.url)
        if self._part.size and self._source.validator:
            self._got, self._is_joined, self._is_noted = self._part.size, True, True
            self.is_whole = self._source.total == self._got
        else:
            self._begin_anew()

    def enter(self, url: str) -> Place | None:
        """A place at an address's host, to be left when its answer has been read; None where there is none just now."""
        host = host_of(url)
        return self._gate.enter(host, places_at(host, self.order.per_host), self.order.gate)

    def headers(self) -> dict[str, str]:
        """What the next request says besides what all say: where to go on, if something is here."""
        if not self._got:
            return {}
        source = self._learn()
        if not (source.validator and self._takes_ranges):
            self._begin_anew()
            return {}
        return range_headers(source, self._got)

    def _begin_anew(self) -> None:
        self._is_anew = self._part.size > 0 or bool(self._noted)
        self._is_joined = self.is_whole = False
        self._source, self._head = Source(self.order.url), None
        self._held.clear()
        self._got = 0

    def judge(self, answer: Answer) -> str | None:
        """What to do with an answer: the address to ask next, or None where its body is to be read.

        Raises:
            DownloadError: the server refuses, or what it sends is not wanted.
        """
        if answer.status == 200:
            self._begin_anew()
            self._begin_body(answer)
            return None
        if self._got and answer.status == 206:
            total = goes_on(answer.headers, self._source, self._got)
            if total is not None:
                self._check_size(total, is_sure=True)
                self._source = self._source._replace(total=total)
                self._is_joined = True
                return None
        elif self._got and answer.status == 416:
            if is_all(answer.headers, self._source, self._got):
                self.is_whole = True
                return None
        else:
            return sent_on_to(answer)
        self._takes_ranges = False  # it does not do what it says: the same address again, for the whole file
        self._begin_anew()
        return answer.url

    def _begin_body(self, answer: Answer) -> None:
        headers = answer.headers
        packed = (headers.get("Content-Encoding") or "").strip()
        if packed.lower() not in {"", "identity"}:
            raise DownloadError(f"The server sent it packed by {packed!r:.40}, unasked: as it is that is no picture.")
        total = length_of(headers)
        if total is not None:
            self._check_size(total, is_sure=True)
        self._end_is_sure = total is not None or "chunked" in (headers.get("Transfer-Encoding") or "").lower()
        self._source = Source(self.order.url, "", total, self._wish(answer))
        self._head, self._came = headers, time.time()

    def _check_size(self, size: int, *, is_sure: bool = False) -> None:
        try:
            check_size(size, self.order.most_bytes, is_sure=is_sure)
        except DownloadError:
            self._keeps_part = False  # another run would not want it either
            raise

    def _learn(self) -> Source:
        """The source of what is here, with its validator, which most downloads never need."""
        if self._head is not None:
            validator, self._head = validator_of(self._head, self._came), None
            self._source = self._source._replace(validator=validator)
        return self._source

    def _wish(self, answer: Answer) -> str:
        """The name that the server wants the file to have, made safe; empty where the one that we have is as good."""
        if self.order.keep_name:
            return ""
        name = disposition_name(answer.headers.get("Content-Disposition"))
        if not name and answer.url != self.order.url and not _LOOKS_LIKE_A_FILE.fullmatch(self.order.name):
            name = url_name(answer.url)
            if not _LOOKS_LIKE_A_FILE.fullmatch(name):
                name = ""
        return name

    # ---------------------------------------------------------------- reading

    def took(self, chunk: bytes) -> int:
        """Some bytes of the body have come; they are held until `write`.

        Returns:
            How many of them were not here before, for progress. What an earlier run left counts with the first.

        Raises:
            DownloadError: the file is too large.
        """
        self._got += len(chunk)
        self._check_size(self._got)
        self._held.append(chunk)
        new = max(0, self._got - self._told)
        self._told += new
        return new

    @property
    def is_full(self) -> bool:
        """Whether so many bytes are held that they are better written."""
        return self._is_anew or self._got - self._part.size > HELD_BYTES

    def write(self) -> None:
        """Write the bytes that are held. Touches files and the queue. Raises OSError."""
        if self._is_anew:
            self._empty()
        held, self._held = self._held, []
        try:
            self._part.write(held)
        finally:
            self._got = self._part.size  # a full disk may have taken some of them
        if self._got >= NOTE_BYTES and not self._is_noted:
            self._note()

    def _empty(self) -> None:
        if self._noted:  # first: at no time may the queue have what is not true of the part
            assert self._queue is not None
            self._queue.set_validator(self.order.item, "")
            self._noted = ""
        self._part.empty()
        self._is_anew = self._is_noted = False

    def _note(self) -> None:
        """Let the queue know what the part's bytes are of, and how many will come. Called when there are some."""
        self._is_noted = True
        if self._queue is not None:
            source = self._learn()
            self._noted = source.text() if source.validator else ""
            self._queue.set_validator(self.order.item, self._noted, source.total or 0)

    def ended(self) -> None:
        """The body has come to its end. Raises Passing where that is not the file's."""
        if not self.is_whole and self._source.total not in {None, self._got}:
            raise Passing(NOT_WHOLE)

    def wait_s(self, failure: Passing) -> float:
        """How long to wait before the next try, in seconds. Raises DownloadError where there is none."""
        return self._backoff.wait_s(failure)

    # ---------------------------------------------------------------- finishing

    @property
    def has_to_hash(self) -> bool:
        """Whether something is to be hashed by `hash_some` before `finish`."""
        return not self._found_done and not self._is_anew and self._part.has_to_hash

    def hash_some(self) -> None:
        """Hash some of what an earlier run left. Touches files. Raises OSError."""
        self._part.hash_some()

    def finish(self) -> Picture | Saved:
        """Check the file, which has all its bytes, and give it its name. Touches files and the queue.

        Returns:
            The picture's thumbnail; or what was saved, where not only pictures are wanted.

        Raises:
            Passing: it is not what it should be, but might be at another try.
            DownloadError: it is not what it should be.
            OSError: it cannot be given its name.
        """
        if self._found_done:
            return shown(self.order, self._folder, self._found_done)
        if self._held or self._is_anew:
            self.write()
        try:
            picture, name = checked(self._part, self.order, self._source.name)
        except (DownloadError, NoPicture) as error:
            is_cut = isinstance(error, NoPicture) and error.is_cut and not self._end_is_sure
            if not (self._is_joined or is_cut):
                self._keeps_part = False
                raise
            # The server let us go on in another file after all, or its end was none: the whole of it once more.
            self._begin_anew()
            self._takes_ranges = False
            raise Passing(str(error)) from error
        name = name_file(self._part, self._folder, name, self._queue, self.order.item)
        self._keeps_part = bool(name)
        if not name:
            raise DownloadError(REMOVED)
        saved = Saved(name, self._part.size, self._part.sha256)
        self._part.let_go()
        return saved if picture is None else picture._replace(name=name)

    # ---------------------------------------------------------------- leaving

    def __enter__(self) -> Transfer:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        told = self.leave(error)
        if told is not None:
            raise told from error

    def leave(self, error: BaseException | None) -> DownloadError | None:
        """The end, whichever it is. Touches files and the queue.

        Args:
            error: how it ended; None where the file has its name, or nobody wants it any more.

        Returns:
            What to raise instead of the error.
        """
        why = why_failed(error, self.order.name)
        told = (
            DownloadError(why if isinstance(error, OSError) else f"{last_part(self.order.url)}: {why}") if why else None
        )
        try:
            if why and self._queue is not None and not isinstance(error, Cancelled):
                self._queue.failed(self.order.item, why)  # before the part goes
            if self._part.is_open and self._keeps_part:
                self._keep_part()
        except OSError:
            pass  # the disk is full, most likely, and that was told
        except ValueError as problem:  # the queue's, which has a sentence for people
            told = told or DownloadError(f"{last_part(self.order.url)}: {problem}")
        finally:
            if self._part.is_open or not self._keeps_part:
                self._part.remove()
        return told

    def _keep_part(self) -> None:
        """Leave the part for another run, if there is anything in it that can be gone on with."""
        if self._held:
            self.write()
        if self._part.size and not self._is_anew and self._learn().validator:
            if not self._is_noted:
                self._note()
            self._part.close()
