"""What QNetworkAccessManager is asked, and what its replies say: as the other clients do. In the GUI thread.

Only the runner that downloads by Qt imports it: there is Qt where that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtNetwork import (
    QHttp1Configuration,
    QNetworkAccessManager,
    QNetworkProxy,
    QNetworkReply,
    QNetworkRequest,
    QSslCertificate,
    QSslConfiguration,
)

from .answers import Answer
from .deadline_socket import no_host
from .errors import NO_ANSWER, NO_HTTP, NOT_WHOLE, PROXY_REFUSED, TOO_LONG, DownloadError, TransientError
from .http.heads import MAX_FIELD, ONCE

if TYPE_CHECKING:
    from .deadline_socket import Deadlines
    from .http.destination import Destination
    from .http.proxies import Proxy

Attribute, Error, ProxyType = QNetworkRequest.Attribute, QNetworkReply.NetworkError, QNetworkProxy.ProxyType
STATUS, REASON = Attribute.HttpStatusCodeAttribute, Attribute.HttpReasonPhraseAttribute

_KEPT = (
    Attribute.CookieLoadControlAttribute,
    Attribute.CookieSaveControlAttribute,
    Attribute.AuthenticationReuseAttribute,
)
"""What Qt would keep of a download for the next; nobody is to be known by that."""

_PROXY_TYPES = {"http": ProxyType.HttpProxy, "socks5": ProxyType.Socks5Proxy, "socks5h": ProxyType.Socks5Proxy}
_MAY_PASS = frozenset(
    {Error.TemporaryNetworkFailureError, Error.NetworkSessionFailedError, Error.UnknownNetworkError}
)
_FIELDS = {
    **dict.fromkeys(ONCE, 1),
    "Content-Encoding": None,
    "Content-Length": None,
    "Transfer-Encoding": None,
}
"""The fields of an answer that matter -> how many of them count where several come: the first, or all."""


class RequestManager(QNetworkAccessManager):
    """Sends requests as the other clients do, over so many connections to a host at the most."""

    def __init__(self, connections: int, parent: QObject) -> None:
        super().__init__(parent)
        self._http = QHttp1Configuration()
        self._http.setNumberOfConnectionsPerHost(connections)
        self._tls: dict[str, QSslConfiguration] = {}

    def ask(self, to: Destination, fields: dict[str, str], proxy: Proxy | None, ca_file: str) -> QNetworkReply:
        """Send a request.

        Args:
            to: where it goes.
            fields: all of its head.
            proxy: through which it goes; None for none.
            ca_file: the authorities that the server is verified against; empty for the system's.

        Raises:
            DownloadError: Qt knows no such proxies.
        """
        self.setProxy(_qt_proxy(proxy))
        request = QNetworkRequest(QUrl(to.url))
        is_forwarded = proxy is not None and proxy.forwards(to)
        if proxy is not None and is_forwarded:
            fields = fields | proxy.fields  # Qt would wait until it is asked for them
        for name, text in fields.items():
            request.setRawHeader(name.encode(), text.encode())
        request.setAttribute(
            Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
        )
        for kept in _KEPT:
            request.setAttribute(kept, QNetworkRequest.LoadControl.Manual)
        request.setHttp1Configuration(self._http)
        if ca_file and to.scheme == "https":
            request.setSslConfiguration(self._verified_by(ca_file))
        if bytes(request.url().toEncoded().data()) == to.url.encode() and "/." not in to.target:
            return self.get(request)
        # Qt writes some letters in another way, which a server that signed its addresses refuses. It puts the verb
        # before the address and leaves it as it is: so it is the whole of the first line, and Qt's own address is in a
        # field that means nothing.
        request.setAttribute(Attribute.Http2AllowedAttribute, False)
        line = f"GET {to.url if is_forwarded else to.target} HTTP/1.1\r\nX-Asked: GET"
        return self.sendCustomRequest(request, line.encode())

    def _verified_by(self, ca_file: str) -> QSslConfiguration:
        """Read once: a usual file of authorities takes tens of milliseconds of the GUI thread."""
        found = self._tls.get(ca_file)
        if found is None:
            found = self._tls[ca_file] = QSslConfiguration.defaultConfiguration()
            found.setCaCertificates(QSslCertificate.fromPath(ca_file))
        return found


def answer_of(reply: QNetworkReply, url: str) -> Answer:
    """The head of an answer that has one. Raises DownloadError where the other clients find none in it."""
    fields = reply.headers()
    if not 100 <= reply.attribute(STATUS) <= 999:
        raise DownloadError(NO_HTTP)
    if any(value.size() > MAX_FIELD for _, value in reply.rawHeaderPairs()):
        raise DownloadError(TOO_LONG)
    headers = {
        name: ", ".join(bytes(value.data()).decode("latin-1") for value in values)
        for name, most in _FIELDS.items()
        if (values := fields.values(name)[:most])
    }
    return Answer(url, reply.attribute(STATUS), reply.attribute(REASON) or "", headers)


def failure_of_reply(reply: QNetworkReply, deadlines: Deadlines, proxy: Proxy | None) -> DownloadError:
    """What went wrong, for people; a TransientError where another try may do better."""
    error, host = reply.error(), reply.url().host()
    if error in {Error.TimeoutError, Error.OperationCanceledError}:
        return deadlines.silence()
    if error == Error.ConnectionRefusedError:
        return TransientError(f"{host} cannot be reached: Connection refused.")
    if error == Error.RemoteHostClosedError:
        return TransientError(NO_ANSWER if reply.attribute(STATUS) is None else NOT_WHOLE)
    if error == Error.HostNotFoundError:
        return no_host(host)
    if error == Error.SslHandshakeFailedError:
        return DownloadError(f"No secure connection could be made: {reply.errorString()}.")
    if proxy is not None and error == Error.ProxyAuthenticationRequiredError:
        return DownloadError(PROXY_REFUSED.format(f", {proxy.name},"))
    if (
        proxy is not None
        and Error.ProxyConnectionRefusedError.value <= error.value <= Error.UnknownProxyError.value
    ):
        return proxy.does_not_work(f"{reply.errorString().rstrip('.')}.")
    kind = TransientError if error in _MAY_PASS else DownloadError
    return kind(f"The download failed: {reply.errorString().rstrip('.')}.")


def _qt_proxy(proxy: Proxy | None) -> QNetworkProxy:
    if proxy is None:
        return QNetworkProxy(ProxyType.NoProxy)
    kind = _PROXY_TYPES.get(proxy.scheme)
    if kind is None:
        raise proxy.cannot_be_used("Qt only goes through those of http, socks5 and socks5h")
    made = QNetworkProxy(kind, proxy.host, proxy.port, proxy.user, proxy.password)
    if not proxy.looks_names_up:
        made.setCapabilities(made.capabilities() & ~QNetworkProxy.Capability.HostNameLookupCapability)
    return made
