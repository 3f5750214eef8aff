"""What names a broker: its address as a person writes it, and as it may be shown. For any thread."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..remote.wire import own_address
from ..transport.redaction import HIDDEN, public, without_secrets
from ..utils.child import IS_INSTALLED
from ..utils.errors import BadInput
from ..utils.sockets import is_loopback, may_be_a_host

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN = ("redis", "rediss", "redis+socket", "amqp", "amqps")
"""The brokers that bring control commands to workers: without them nobody knows whether one is there."""

HOW = "write redis://HOST:6379, rediss:// with TLS, or amqp://HOST"
ANSWER_S = 1.0
"""How long a broker may take for one answer."""

ELSEWHERE = "The workers of this broker may be on other machines, and cannot reach what is on this one alone."

NO_ANSWER_S = 2.0
"""When no worker has answered for so long, there is none."""

REDIS = {"socket_timeout": ANSWER_S, "socket_connect_timeout": ANSWER_S, "max_retries": 1}
AMQP = {"read_timeout": ANSWER_S, "write_timeout": ANSWER_S, "max_retries": 1}


class Broker(NamedTuple):
    """A broker.

    Attributes:
        url: its address, with all its secrets: for Celery alone.
        host: the machine that has it; empty: this one, and nobody else comes to it.
        options: what Celery's transport is told besides.
        is_ours: whether Thaw started it, and the worker there.
    """

    url: str
    host: str = ""
    options: Mapping[str, object] = {}
    is_ours: bool = False

    @property
    def shown(self) -> str:
        """Its address without secrets."""
        return str(public({"broker": self.url})["broker"])

    @property
    def own_host(self) -> str:
        """The address of this machine by which workers reach it; one of loopback where all of them are here.

        Raises:
            BadInput: the broker's machine cannot be reached.
        """
        try:
            return own_address(self.host) if self.host else "127.0.0.1"
        except OSError as error:
            raise BadInput(f"{self.host} cannot be reached: {error.strerror or error}.") from None

    @property
    def is_elsewhere(self) -> bool:
        """Whether its workers may be on other machines. Raises BadInput where the broker's cannot be reached."""
        return not is_loopback(self.own_host)

    @property
    def warning(self) -> str:
        """What a person should know of it, in a sentence; empty where that is nothing.

        Raises:
            BadInput: the broker's machine cannot be reached.
        """
        if self.url.startswith("filesystem:"):
            return "There is no redis-server here: messages are files in a folder, which is for trying only."
        if not self.is_elsewhere:
            return ""
        return (
            f"While a run goes on, Thaw listens at {self.own_host}, beyond this machine: its workers call there, and "
            f"what they tell is not encrypted."
        )

    @property
    def line(self) -> str:
        """The command that starts a worker for it, without secrets; in a checkout to be typed there."""
        celery = "celery" if IS_INSTALLED else ".venv/bin/celery --workdir scripts/package"
        return f"{celery} -A thaw_lab.tasks -b {shlex.quote(self.shown)} worker"


def parse(written: str) -> Broker:
    """The broker that a person means.

    Raises:
        BadInput: it is no address of one, with a sentence.
    """
    written = written.strip()
    scheme, _, rest = written.partition("://")
    shown = without_secrets(written)
    if HIDDEN in written:
        raise BadInput(f"{shown} was kept without its secrets: write the whole address anew.")
    if not rest:
        raise BadInput(f"{shown} is no address of a broker: {HOW}.")
    if scheme not in KNOWN:
        raise BadInput(f"{scheme} is no kind of broker that Thaw can use: {HOW}.")
    if scheme == "redis+socket":
        return Broker(written, options=REDIS)
    try:
        host, _ = urlsplit(written).hostname, urlsplit(written).port
    except ValueError as error:
        raise BadInput(f"{shown} is no address of a broker: {error}.") from None
    if not host:
        raise BadInput(f"{shown} names no machine: {HOW}.")
    if not may_be_a_host(host):
        raise BadInput(f"{shown} names no machine: {HOW}.")
    if scheme.startswith("redis") and not re.fullmatch(r"/?|/\d+", urlsplit(written).path):
        raise BadInput(f"{shown} names no database of a Redis, which is a number: {HOW}.")
    if scheme == "rediss" and "ssl_cert_reqs=" not in written:
        # Or kombu would take the certificate of anybody.
        written += f"{'&' if '?' in written else '?'}ssl_cert_reqs=required"
    return Broker(written, host, REDIS if scheme.startswith("redis") else AMQP)
