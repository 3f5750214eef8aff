"""The faults of servers by their numbers in the list of faults: what is answered, and what is to be said of it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, NamedTuple

from tests.support.misbehaving_server import (
    Connection,
    chunked,
    closing,
    dripping,
    picture,
    png_header,
    resetting,
    response,
    stalling,
)

if TYPE_CHECKING:
    from tests.support.misbehaving_server import Answer, MisbehavingServer

NOT_WHOLE = "before the whole file had come"
FILM = picture("GIF", save_all=True, append_images=[], loop=0)
JPEG, PNG, GIF = picture("JPEG"), picture("PNG"), picture("GIF")
STALL_S, TOTAL_S = 0.3, 0.8
"""The deadlines of a run with slow servers, and of one with those that drip alone, in seconds."""

GOOD: tuple[Answer, ...] = (
    response(JPEG),
    response(PNG),
    response(GIF),
    chunked(JPEG),
    closing(response(JPEG, length="")),
    response(b"", "302 Found", Location="/good"),
)
ENDINGS = (".jpg", ".png", ".gif", ".jpg", ".jpg", ".jpg")
"""Their files' endings."""


class Fault(NamedTuple):
    """One fault: its number in the list, its name, what is answered, and a pattern of what is said."""

    number: int
    name: str
    answer: Answer
    words: str


def moved(location: str) -> bytes:
    """An answer that sends us on."""
    return response(b"", "302 Found", Location=location)


NO_HEADER = closing(response(JPEG).replace(b"\r\n", b"\r\nno colon at all\r\n", 1)[:-400])
"""Readers that do not mind the line lose what follows, the length: a file that is cut looks whole to them."""

FAULTS = (
    Fault(1, "shorter than its length", closing(response(JPEG, length=len(JPEG) + 9)), NOT_WHOLE),
    Fault(2, "cut without a length", closing(response(JPEG[:-900], length="")), "not whole"),
    Fault(2, "cut in a chunk", closing(chunked(JPEG)[:6000]), NOT_WHOLE),
    Fault(2, "cut after a chunk", closing(chunked(JPEG).replace(b"0\r\n\r\n", b"")), NOT_WHOLE),
    Fault(
        2,
        "a chunk of no size",
        closing(response(b"xyz\r\n", length="", Transfer_Encoding="chunked")),
        NOT_WHOLE,
    ),
    Fault(
        3, "gzip cut to its length", response(gzip.compress(JPEG)[:-800], Content_Encoding="gzip"), "no picture"
    ),
    # Two hundred members: made in a hundredth of the time that it takes to pack 200 MB.
    Fault(4, "a gzip bomb", response(gzip.compress(bytes(10**6)) * 200, Content_Encoding="gzip"), "no picture"),
    Fault(5, "reset in the body", resetting(response(JPEG, length=len(JPEG) * 2)), "broke the connection off"),
    Fault(5, "reset before the headers", resetting(b""), "broke the connection off|closed the connection"),
    Fault(6, "stall before the headers", Connection.stall, f"sent nothing for {STALL_S} s"),
    Fault(6, "stall in the headers", stalling(response(JPEG)[:20]), f"sent nothing for {STALL_S} s"),
    Fault(7, "stall in the body", stalling(response(JPEG)[:5000]), f"sent nothing for {STALL_S} s"),
    Fault(10, "redirect loop", moved("/loop"), "sent us on more than 10 times"),
    Fault(11, "redirect with a malformed address", moved("http://[::1"), "makes no sense"),
    Fault(11, "redirect to no port", moved("http://a:port/"), "makes no sense"),
    Fault(11, "redirect to nowhere", response(b"", "302 Found"), "answered 302 Found"),
    Fault(12, "redirect to a file", moved("file:///etc/passwd"), "no web page: file:///etc/passwd"),
    Fault(13, "404", response(b"no", "404 Not Found"), "answered 404 Not Found"),
    Fault(13, "503", response(b"", "503 Service Unavailable", Retry_After="120"), "503 .* come back in 120 s"),
    Fault(13, "a web page", response(b"<!DOCTYPE html><p>Please log in"), "a web page, not a picture"),
    Fault(14, "no HTTP", closing(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "did not answer in HTTP"),
    Fault(14, "a status that is no number", closing(b"HTTP/1.1 abc What\r\n\r\n"), "did not answer in HTTP"),
    Fault(14, "a header of 100 KB", response(b"", X_Long="x" * 100_000), "headers are too long"),
    Fault(
        14,
        "500 headers",
        response(b"", **{f"X_{number}": "y" for number in range(500)}),
        "headers are too long",
    ),
    Fault(14, "cut, below a line that is no header", NO_HEADER, NOT_WHOLE),
    Fault(14, "closed at once", lambda connection: None, "closed the connection without an answer"),
    Fault(15, "a length of -5", response(JPEG, length=-5), "length that makes no sense: '-5'"),
    Fault(15, "a length of abc", response(JPEG, length="abc"), "length that makes no sense: 'abc'"),
    Fault(15, "a length of 0", response(b""), "empty file"),
    Fault(15, "a length over the limit", response(b"", length=10**12), "too large: 1,000,000,000,000 bytes"),
    Fault(15, "204", response(b"", "204 No Content"), "answered 204 No Content"),
    Fault(17, "half a JPEG", response(JPEG[: len(JPEG) // 2]), "not whole"),
    Fault(17, "half a GIF", response(GIF[: len(GIF) // 2]), "not whole"),
    Fault(17, "a film without its end", response(FILM[:-2]), "not whole"),
    Fault(17, "half a PNG", response(PNG[: len(PNG) // 2]), "not whole"),
    Fault(17, "a PNG with a broken middle", response(PNG[:2000] + bytes(2000) + PNG[4000:]), "broken"),
    Fault(18, "a bomb", response(png_header(12_000, 12_000)), "too large: 12,000 x 12,000 pixels"),
    Fault(18, "a larger bomb", response(png_header(40_000, 40_000)), "too large"),
    Fault(18, "the largest bomb", response(png_header(2**31 - 1, 2**31 - 1)), "too large"),
    Fault(18, "a size of 2^31", response(png_header(2**31, 2**31)), "too large|no picture|broken"),
    Fault(
        18,
        "a huge SVG",
        response(
            b"<svg xmlns='http://www.w3.org/2000/svg' width='9999999' height='9999999'>" + b"<g/>" * 50_000
        ),
        "SVG",
    ),
)
"""All but numbers 8 and 9, and number 16, which no server can do."""

DRIPPING = (
    Fault(8, "headers that drip", dripping(b"", response(JPEG)), f"not finished within {TOTAL_S} s"),
    Fault(
        9, "a body that drips", dripping(response(length=len(JPEG)), JPEG), f"not finished within {TOTAL_S} s"
    ),
)
"""In a run of their own: no other is to be given up so soon where the machine is busy."""


def serve_good(server: MisbehavingServer) -> None:
    """The addresses that good answers and the redirect loop send on to."""
    server.at("/good", response(JPEG))
    server.at("/loop", moved("/loop"))
