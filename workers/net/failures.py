"""Says in words what went wrong with a download, from the errors of sockets, http.client, urllib3 and requests."""

from __future__ import annotations


def words_for(error: Exception) -> str:
    """What went wrong, for people: the errors of four layers, from their names and causes."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    names = {type(link).__name__ for link in chain}
    text = " ".join(str(link) for link in chain)
    if names & {"SSLCertVerificationError", "CertificateError"}:
        return f"The server's identity could not be verified: {chain[-1]}."
    if "SSLError" in names:
        return f"No secure connection could be made: {chain[-1]}."
    if "TimeoutError" in names:  # reads and connections have deadlines of their own: what is left is the handshake
        return "The server took too long to agree on a secure connection."
    if "ProxyError" in names:
        return "The proxy that the environment names did not let us through."
    if names & {"IncompleteRead", "InvalidChunkLength"}:
        return "The connection ended before the whole file had come."
    if "LineTooLong" in names or "got more than" in text:
        return "The server's headers are too long."
    if ("BadStatusLine" in names and "RemoteDisconnected" not in names) or "UnknownProtocol" in names:
        return "The server did not answer in HTTP."
    if "RemoteDisconnected" in names:
        return "The server closed the connection without an answer."
    if names & {"ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"}:
        return "The server broke the connection off."
    if names & {"InvalidURL", "LocationParseError", "InvalidSchema", "MissingSchema", "UnicodeError"}:
        return "The address makes no sense."
    return f"The download failed: {str(error)[:200].rstrip('.')}."
