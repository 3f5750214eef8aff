"""Says in words what went wrong with a download: errors of sockets, http.client, urllib3, requests and aiohttp."""

from __future__ import annotations

import re

from ..utils.errors import ThawError, limit_of

BROKEN_OFF = "The server broke the connection off."
NOT_WHOLE = "The connection ended before the whole file had come."
NO_HTTP = "The server did not answer in HTTP."
TOO_LONG = "The server's headers are too long."
NO_ANSWER = "The server closed the connection without an answer."
PROXY_REFUSED = "The proxy that the environment names{} did not let us through."


class DownloadError(ThawError):
    """A download that failed; the message is a sentence for people."""


class Cancelled(DownloadError):
    """A download that was cancelled."""


class TransientError(DownloadError):
    """A failure that another try may not meet.

    Attributes:
        asked_s: how long the server asks us to wait before that, in seconds.
    """

    def __init__(self, words: str, asked_s: float = 0.0) -> None:
        super().__init__(words)
        self.asked_s = asked_s


# Names of errors, or signs in their texts; what that is, and how it is told. Of several the first counts.
_KINDS: tuple[tuple[set[str], type[DownloadError], str], ...] = (
    (
        {"SSLCertVerificationError", "CertificateError"},
        DownloadError,
        "The server's identity could not be verified: {}.",
    ),
    ({"SSLError"}, DownloadError, "No secure connection could be made: {}."),
    # Reads and connections have deadlines of their own: what is left is the handshake.
    ({"TimeoutError"}, TransientError, "The server took too long to agree on a secure connection."),
    (
        {"ProxyError", "ClientHttpProxyError"},
        DownloadError,
        PROXY_REFUSED,
    ),
    (
        {"IncompleteRead", "InvalidChunkLength", "ClientPayloadError", "in chunk size"},
        TransientError,
        NOT_WHOLE,
    ),
    (
        {"LineTooLong", "got more than", "too many headers"},
        DownloadError,
        TOO_LONG,
    ),
    ({"RemoteDisconnected", "ServerDisconnectedError"}, TransientError, NO_ANSWER),
    (
        {"BadStatusLine", "UnknownProtocol", "BadHttpMessage"},
        DownloadError,
        NO_HTTP,
    ),
    ({"ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"}, TransientError, BROKEN_OFF),
    (
        {"InvalidURL", "LocationParseError", "InvalidSchema", "MissingSchema", "UnicodeError"},
        DownloadError,
        "The address makes no sense.",
    ),
)


def passing(error: BaseException) -> TransientError | None:
    """What another try may not meet: a TransientError itself, or a limit of this machine; None for anything else."""
    if isinstance(error, TransientError):
        return error
    words = limit_of(error)
    return TransientError(words) if words else None


def failure_of(error: Exception, proxy: str = "") -> DownloadError:
    """What went wrong, for people: the errors of several layers, from their names and causes.

    Args:
        error: the outermost of them.
        proxy: through which it came, without its password; empty where through none.

    Returns:
        A TransientError where another try may do better: where a connection ended that was good until then.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    if (limit := next(filter(None, map(passing, chain)), None)) is not None:
        return limit
    names = {type(link).__name__ for link in chain}
    text = " ".join(str(link) for link in chain)
    if found := re.search(r"Content-Length: (.{0,40}?)'", text):
        return DownloadError(f"The server gave a length that makes no sense: {found[1]!r}.")
    if "ClientPayloadError" in names and "ConnectionResetError" in text:
        return TransientError(BROKEN_OFF)
    lowered = text.lower()
    for some, kind, words in _KINDS:
        if any(sign in names or sign in lowered for sign in some):
            of_proxy = f", {proxy}," if proxy else ""
            return kind(words.format(of_proxy if words is PROXY_REFUSED else chain[-1]))
    return DownloadError(f"The download failed: {str(error)[:200].rstrip('.')}.")
