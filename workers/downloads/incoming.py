"""What has come of one file, and what to make of each answer: a piece to go on with, or the whole once more.

Nothing here waits or touches a file. Used by one thread at a time.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from ..transport.answers import HEADERS, Answer, check_size, is_chunked, length_of, packed_by, sent_on_to
from ..transport.errors import NOT_WHOLE, DownloadError, TransientError
from ..transport.http.destination import authorization, destination
from ..transport.http.own_headers import own_headers
from .names import disposition_name, is_packed_file, url_name
from .resume import Source, brings_all, goes_on, is_all, range_headers, validator_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .order import Order

_FILE = frozenset({200, 203})
"""Answers that bring the file; the second one comes from a proxy that may have changed it."""

_NOT_A_PIECE = frozenset({400, 403, 405, 406, 412, 416, 417, 501})
"""Refusals that a request for a piece may meet where one for the whole does not."""

_LOOKS_LIKE_A_FILE = re.compile(r".+\.[A-Za-z0-9]{1,5}")


class Incoming:
    """The bytes of one file, over all tries.

    Attributes:
        got: how many are here, written or not.
        held: those that are not written yet.
        held_size: how many these are.
        is_anew: what was written before is to go before the held ones are written.
        is_whole: all of them are here, as the server or an earlier run knows.
        is_joined: they came by more than one answer.
        end_is_sure: the answer said where it ends.
        is_unwanted: there are too many, and another run would not want them either.
        order: what they are of.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self._source = Source(order.url)
        self._head: Mapping[str, str] | None = None  # of the answer that has to tell its validator yet
        self._came = 0.0  # and when that came
        self._told = 0  # bytes already reported as progress
        self._takes_ranges = True
        self.got = self.held_size = 0
        self.held: list[bytes] = []
        self.is_anew = self.is_whole = self.is_joined = self.end_is_sure = self.is_unwanted = False

    @property
    def source(self) -> Source:
        """What they are bytes of. Most downloads never need its validator, so it is read here."""
        if self._head is not None:
            validator, self._head = validator_of(self._head, self._came), None
            self._source = self._source._replace(validator=validator)
        return self._source

    def go_on_with(self, source: Source, size: int) -> None:
        """An earlier run has left so many bytes of this source."""
        self._source, self.got, self.is_joined = source, size, True
        self.is_whole = source.total == size

    def begin_anew(self, *, distrust: bool = False) -> None:
        """Throw away what is here. With `distrust` the server is not asked for a piece again."""
        self._source, self._head = Source(self.order.url), None
        self.got = self.held_size = 0
        self.held.clear()
        self.is_anew = True
        self.is_joined = self.is_whole = False
        self._takes_ranges = self._takes_ranges and not distrust

    def headers(self, url: str) -> dict[str, str]:
        """All that the next request says, which goes to this address; also where to go on, if something is here."""
        to, first = destination(url), destination(self.order.url)
        is_theirs = to.is_at(first)
        login = authorization(to, first.login if is_theirs else "")
        said = own_headers(self.order.headers, is_theirs=is_theirs)
        chosen = {name.lower() for name in said}
        usual = {**HEADERS, **({"Authorization": login} if login else {})}
        fields = {name: value for name, value in usual.items() if name.lower() not in chosen} | said
        if self.got and self._takes_ranges and self.source.validator:
            return fields | range_headers(self.source, self.got)
        if self.got:
            self.begin_anew()
        return fields

    def judge(self, answer: Answer) -> str | None:
        """The address to ask next; None where this one's body is to be read. See `transport.client.Download`."""
        if answer.status in _FILE or (not self.got and brings_all(answer)):
            self.begin_anew()
            self._begin_body(answer)
            return None
        if self.got and answer.status == 206:
            total = goes_on(answer.headers, self._source, self.got)
            if total is not None:
                self._check_size(total, is_sure=True)
                self._source = self._source._replace(total=total)
                self.is_joined = self.end_is_sure = True
                return None
        elif self.got and answer.status in _NOT_A_PIECE:
            if answer.status == 416 and is_all(answer.headers, self._source, self.got):
                self.is_whole = True
                return None
        else:
            return sent_on_to(answer)
        # It does not do what it says: the same address again, for the whole file.
        self.begin_anew(distrust=True)
        return answer.url

    def _begin_body(self, answer: Answer) -> None:
        headers = answer.headers
        wish = self._wish(answer)
        packed = packed_by(headers)
        if packed and not (is_packed_file(wish or self.order.name, packed) and not self.order.only_pictures):
            what = "no picture" if self.order.only_pictures else "not the file"
            raise DownloadError(
                f"The server sent it packed by {packed!r:.40}, unasked: as it is that is {what}."
            )
        total = length_of(headers)
        if total is not None:
            self._check_size(total, is_sure=True)
        self.end_is_sure = total is not None or is_chunked(headers)
        self._source = Source(self.order.url, "", total, wish)
        self._head, self._came = headers, time.time()

    def _wish(self, answer: Answer) -> str:
        """The name that the server wants the file to have, made safe; empty where the one that we have is as good."""
        if self.order.keep_name:
            return ""
        name = disposition_name(answer.headers.get("Content-Disposition"))
        if not name and answer.url != self.order.url and not _LOOKS_LIKE_A_FILE.fullmatch(self.order.name):
            name = url_name(answer.url)
            return name if _LOOKS_LIKE_A_FILE.fullmatch(name) else ""
        return name

    def took(self, chunk: bytes) -> int:
        """Some bytes of the body have come, or none; they are held.

        Returns:
            How many of them were not here before, for progress. What an earlier run left counts with the first.

        Raises:
            DownloadError: the file is too large.
        """
        if not chunk:
            return 0
        self.got += len(chunk)
        self._check_size(self.got)
        self.held.append(chunk)
        self.held_size += len(chunk)
        new = max(0, self.got - self._told)
        self._told += new
        return new

    def _check_size(self, size: int, *, is_sure: bool = False) -> None:
        try:
            check_size(size, self.order.max_bytes, is_sure=is_sure)
        except DownloadError:
            self.is_unwanted = True
            raise

    def ended(self) -> None:
        """The body has come to its end. Raises TransientError where that is not the file's."""
        if not self.is_whole and self._source.total not in {None, self.got}:
            raise TransientError(NOT_WHOLE)
