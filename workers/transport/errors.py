"""Says in words what went wrong with a download: errors of sockets, http.client, urllib3, requests and aiohttp."""

from __future__ import annotations

import re

from ..utils.errors import ThawError

BROKEN_OFF = "The server broke the connection off."
NOT_WHOLE = "The connection ended before the whole file had come."
NO_ANSWER = "The server closed the connection without an answer."


def failure_of(error: Exception) -> DownloadError:
    """What went wrong, for people: the errors of several layers, from their names and causes.

    Returns:
        A TransientError where another try may do better: where a connection ended that was good until then.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    names = {type(link).__name__ for link in chain}
    text = " ".join(str(link) for link in chain)
    if names & {"SSLCertVerificationError", "CertificateError"}:
        return DownloadError(f"The server's identity could not be verified: {chain[-1]}.")
    if "SSLError" in names:
        return DownloadError(f"No secure connection could be made: {chain[-1]}.")
    if "TimeoutError" in names:  # reads and connections have deadlines of their own: what is left is the handshake
        return TransientError("The server took too long to agree on a secure connection.")
    if "ProxyError" in names:
        return DownloadError("The proxy that the environment names did not let us through.")
    if "ClientPayloadError" in names and "ConnectionResetError" in text:
        return TransientError(BROKEN_OFF)
    if names & {"IncompleteRead", "InvalidChunkLength", "ClientPayloadError"} or "in chunk size" in text:
        return TransientError(NOT_WHOLE)
    if found := re.search(r"Content-Length: (.{0,40}?)'", text):
        return DownloadError(f"The server gave a length that makes no sense: {found[1]!r}.")
    if "LineTooLong" in names or "got more than" in text.lower() or "Too many headers" in text:
        return DownloadError("The server's headers are too long.")
    without_answer = names & {"RemoteDisconnected", "ServerDisconnectedError"}
    if not without_answer and names & {"BadStatusLine", "UnknownProtocol", "BadHttpMessage"}:
        return DownloadError("The server did not answer in HTTP.")
    if without_answer:
        return TransientError(NO_ANSWER)
    if names & {"ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"}:
        return TransientError(BROKEN_OFF)
    if names & {"InvalidURL", "LocationParseError", "InvalidSchema", "MissingSchema", "UnicodeError"}:
        return DownloadError("The address makes no sense.")
    return DownloadError(f"The download failed: {str(error)[:200].rstrip('.')}.")


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
