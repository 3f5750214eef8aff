"""One download over all its tries: its part file, its item of a queue, its place at a host, when to try again.

The clients only send, receive and wait; what is decided is decided here and in `workers.downloads.incoming`, for all of
them alike. Used by one thread at a time. What touches files or the queue says so: an event loop calls that in a thread,
and so has a form of its own of what `Transfer.steps` does.
"""

from __future__ import annotations

import os
import time
from contextlib import closing, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING

from ..transport.errors import Cancelled, DownloadError, TransientError, passing
from ..transport.host_limit import HostGate, HostSlot, places_at
from ..transport.http.destination import destination
from ..transport.pace import Pace
from ..transport.redaction import secrets_of, without_secrets
from ..transport.retry import Backoff
from ..utils.decoding.thumbnail import NoPicture
from .finish import REMOVED, checked, name_file, shown, why_failed
from .incoming import Incoming
from .names import last_part, safe_name
from .order import Order, Saved
from .part import Part
from .queue_items import NOTE_BYTES
from .resume import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from ..transport.client import Download
    from ..transport.deadline_socket import Away
    from ..utils.picture import Picture
    from .queue import DownloadQueue

HELD_BYTES = 2_000_000
"""Clients that do not write as they read write a file of more than this bit by bit, and smaller ones at once."""


PIECE, MIN_PIECE = 256 * 1024, 512
"""At most so many bytes in one read; with a limit an eighth of a second's, and at least so many."""


class Transfer(Incoming):
    """A download, within a `with`: its errors leave that as sentences for people, and its part file goes or stays.

    Attributes:
        url, deadlines, end, ca_file, piece: see `transport.client.Download`, which this is for all clients.
        hash_some: see `Part.hash_some`: of what an earlier run left. Touches files.
    """

    def __init__(self, order: Order, gate: HostGate, pace: Pace, queue: DownloadQueue | None = None) -> None:
        super().__init__(order)
        self.url, self.deadlines, self.ca_file = order.url, order.deadlines, order.ca_file
        rates = [rate // 8 for rate in (order.limit, order.limit_each) if rate]
        self.piece = max(MIN_PIECE, min([PIECE, *rates]))
        self.end = time.monotonic() + order.total_s
        self._gate, self._pace, self._own_pace, self._queue = gate, pace, Pace(), queue
        self._backoff = Backoff(order.tries)
        self._part = Part(hashed=bool(queue is not None or order.sha256))
        self.hash_some = self._part.hash_some
        self._folder = order.into
        self._pace_file = os.path.join(order.gate, "pace") if order.gate else ""
        self._noted = ""  # what the queue has of the part's source
        self._is_noted = False  # whether it was told of this one
        self._found_done = ""  # the name of a file that an earlier run had finished
        self._keeps_part = queue is not None

    # ---------------------------------------------------------------- asking

    def open(self) -> None:
        """Open the part file, to resume from what an earlier run left in it. Touches files.

        With a queue it is called before the first request; else there is time until something is to be written.

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
            self._found_done, self.is_whole = item.name, True
            return
        self._part.open_kept(self._queue.part(item))
        self._noted = self._queue.validator(item.id)
        source = Source.read(self._noted, self.order.url)
        if self._part.size and source.validator:
            self._is_noted = True
            self.go_on_with(source, self._part.size)

    def enter(self, url: str) -> HostSlot | None:
        """A place at the address's host; None where there is none just now. See `transport.client.Download`."""
        host = destination(url).host
        return self._gate.enter(host, places_at(host, self.order.per_host), self.order.gate)

    def pause_s(self, size: int) -> float:
        """How long to wait after so many bytes, for the sake of the limits. See `transport.client.Download`."""
        order = self.order
        whole_s = self._pace.wait_s(size, order.limit, self._pace_file) if size and order.limit else 0.0
        own_s = self._own_pace.wait_s(size, order.limit_each) if size and order.limit_each else 0.0
        return max(whole_s, own_s)

    # ---------------------------------------------------------------- reading

    def steps(
        self,
        read: Callable[[Download], Generator[bytes, None, None]],
        rest: Callable[[float], Iterable[object]],
        away: Away = nullcontext,
        leave_turn: Callable[[], object] = lambda: None,
        held: int = 0,
    ) -> Generator[int, None, Picture | Saved]:
        """All of its tries, for clients that read and wait by steps. Touches files and the queue.

        Args:
            read: carries out one try: yields bytes as they come, and none while it has to wait.
            rest: waits so many seconds, by steps.
            away: makes the block in which a file is hashed, and others may compute.
            leave_turn: lets others compute from then on; called before a file is looked at.
            held: so many bytes may be held; more are written.

        Yields:
            How many bytes came since the last yield.

        Returns:
            What `finish` does.

        Raises:
            DownloadError: it failed, with a sentence for people.
        """
        yield 0
        while True:
            try:
                self.open()
                with closing(read(self)) as chunks:
                    for chunk in chunks:
                        new = self.took(chunk)
                        if self.held_size > held:
                            self.write()
                        yield new
                self.ended()
                while self.has_to_hash:
                    with away():
                        self.hash_some()
                    yield 0
                leave_turn()  # it decodes the picture, in C, and that is all
                return self.finish()
            except (TransientError, OSError, RuntimeError, MemoryError) as error:
                wait_s = self.wait_s(error)
            for _ in rest(wait_s):
                yield 0

    def wait_s(self, error: TransientError | OSError | RuntimeError | MemoryError) -> float:
        """How long to wait after an error until the next try, in seconds.

        Raises:
            DownloadError: it was the last try; the sentence tells how many there were.
            OSError, RuntimeError: the error itself, which will not pass.
        """
        failure = passing(error)
        if failure is None:
            raise error
        return self._backoff.wait_s(failure)

    def write(self) -> None:
        """Write the bytes that are held. Touches files and the queue. Raises OSError."""
        self.open()
        if self.is_anew:
            self._empty()
        held, self.held, self.held_size = self.held, [], 0
        try:
            self._part.write(held)
        finally:
            self.got = self._part.size  # a full disk may have taken some of them
        if self.got >= NOTE_BYTES and not self._is_noted:
            self._note()

    def _empty(self) -> None:
        if self._noted:  # first: at no time may the queue have what is not true of the part
            assert self._queue is not None
            self._queue.set_validator(self.order.item, "")
            self._noted = ""
        if self._part.size:
            self._part.empty()
        self.is_anew = self._is_noted = False

    def _note(self) -> None:
        """Let the queue know what the part's bytes are of, and how many will come. Called when there are some."""
        self._is_noted = True
        if self._queue is not None:
            source = self.source
            self._noted = source.text() if source.validator else ""
            self._queue.set_validator(self.order.item, self._noted, source.total or 0)

    # ---------------------------------------------------------------- finishing

    @property
    def has_to_hash(self) -> bool:
        """Whether something is to be hashed by `hash_some` before `finish`."""
        return not self._found_done and not self.is_anew and self._part.has_to_hash

    def finish(self) -> Picture | Saved:
        """Check the file, which has all its bytes, and give it its name. Touches files and the queue.

        Returns:
            The picture's thumbnail; or what was saved, where not only pictures are wanted.

        Raises:
            TransientError: it is not what it should be, but might be at another try.
            DownloadError: it is not what it should be.
            OSError: it cannot be given its name.
        """
        if self._found_done:
            return shown(self.order, self._folder, self._found_done)
        self.open()
        if self.held or self.is_anew:
            self.write()
        try:
            picture, name = checked(self._part, self.order, self._source.name)
        except (DownloadError, NoPicture) as error:
            is_cut = isinstance(error, NoPicture) and error.is_cut and not self.end_is_sure
            if not (self.is_joined or is_cut):
                self._keeps_part = False
                raise
            # The server let us go on in another file after all, or its end was none: the whole of it once more.
            self.begin_anew(distrust=True)
            raise TransientError(str(error)) from error
        name = name_file(self._part, self._folder, name, self._queue, self.order.item)
        self._keeps_part = bool(name)
        if not name:
            raise DownloadError(REMOVED)
        saved = Saved(name, self._part.size, self._part.sha256)
        self._part.let_go()
        return saved if picture is None else picture._replace(name=name, path=os.path.join(self._folder, name))

    # ---------------------------------------------------------------- leaving

    def __enter__(self) -> Transfer:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        told = self.leave(error)
        if told is not None:
            raise told from None  # the errors of libraries have addresses in them, and all that these say

    def leave(self, error: BaseException | None) -> DownloadError | None:
        """The end, whichever it is. Touches files and the queue.

        Args:
            error: how it ended; None where the file has its name, or nobody wants it any more.

        Returns:
            What to raise instead of the error.
        """
        why, told = why_failed(error, self.order.name), None
        if why:
            why = without_secrets(why, self._secrets())
            told = DownloadError(why if isinstance(error, OSError) else f"{last_part(self.order.url)}: {why}")
        self._keeps_part = self._keeps_part and not self.is_unwanted
        steps: list[Callable[[], object]] = []
        if why and self._queue is not None and not isinstance(error, Cancelled):
            steps.append(partial(self._queue.failed, self.order.item, why))  # before the part goes
        if self._part.is_open and self._keeps_part:
            steps.append(self._keep_part)
        try:
            for step in steps:
                try:
                    step()
                except OSError:
                    pass  # the disk is full, most likely, and that was told
                except ValueError as problem:  # the queue's, which has a sentence for people
                    told = told or DownloadError(f"{last_part(self.order.url)}: {problem}")
        finally:
            if self._part.is_open or not self._keeps_part:
                self._part.remove()
        return told

    def _secrets(self) -> list[str]:
        """What a server may have repeated, and nobody is to read: values of headers, and parts of the address."""
        values = [line.partition(": ")[2] for line in self.order.headers.splitlines()]
        return values + [word for value in values for word in value.split()] + secrets_of(self.order.url)

    def _keep_part(self) -> None:
        with suppress(OSError):  # a full disk, which may have taken some of them
            if self.held:
                self.write()
        if self._part.size and not self.is_anew and self.source.validator:
            if not self._is_noted:
                self._note()
            self._part.close()
