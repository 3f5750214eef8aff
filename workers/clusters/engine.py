"""Dask itself: imported when a cluster is asked for, and then without a word; and a client for one scheduler.

A client lives in the event loop of whoever asks, so it needs no thread of Dask's own, and none is left behind.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import warnings
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from ..utils.errors import BadInput
from .pair import as_members

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping

    from .address import Address

    T = TypeVar("T")

KNOCK_S = 2.0
"""How long a scheduler's machine may take to answer at all."""

GREET_S = 3.0
"""How long a scheduler may take to say that it is one."""

CLOSE_S = 0.5

_lock = threading.Lock()
_engine: list[Any] = []


def engine() -> Any:
    """The package `distributed`.

    Raises:
        BadInput: it cannot be imported, such as for a broken file among its settings.
    """
    with _lock:
        if not _engine:
            before = {name: logging.getLogger(name).handlers[:] for name in ("distributed", "tornado", "bokeh")}
            try:
                import distributed
            except Exception as error:
                raise BadInput(f"Dask cannot be loaded: {error}") from error
            # It has given its loggers a handler each, for standard error. What goes wrong is told by what is raised.
            for name in (*before, "distributed.client", "distributed.gc", "tornado.application"):
                logger = logging.getLogger(name)
                for handler in set(logger.handlers).difference(before.get(name, ())):
                    logger.removeHandler(handler)
                logger.addHandler(logging.NullHandler())
                logger.propagate = False
            _engine.append(distributed)
        return _engine[0]


def asked(question: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop of its own, in the calling thread; returns what it returns."""
    # Dask's connections need a loop that waits for sockets, which Windows' usual one does not.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(question)


@asynccontextmanager
async def connected(address: Address, *, pair: str = "") -> AsyncIterator[Any]:
    """A client of a scheduler.

    Args:
        address: the scheduler's.
        pair: of the cluster, where that is Thaw's own (`pair.py`): what a person has set up for others does not count.

    Raises:
        BadInput: there is no scheduler, with a sentence that says what to do.
    """
    distributed = engine()
    await _knock(address)
    warnings.filterwarnings("ignore", category=distributed.versions.VersionMismatchWarning)  # see `looks`
    try:
        security = as_members(pair) if pair else None
        client = distributed.Client(
            str(address), timeout=GREET_S, asynchronous=True, set_as_default=False, security=security
        )
    except Exception as error:  # whatever is wrong in a person's own settings
        raise BadInput(_why(address, error, is_ours=bool(pair))) from error
    try:
        try:
            # Dask's own limit is not kept where the other end talks nonsense, and that may seem to need all memory.
            await asyncio.wait_for(client, GREET_S + 0.5)
        except Exception as error:  # whatever becomes of what the other end talks
            raise BadInput(_why(address, error, is_ours=bool(pair))) from error
        yield client
    finally:
        with suppress(OSError):
            await asyncio.wait_for(client.close(), CLOSE_S)


async def _knock(address: Address) -> None:
    """Find out by a plain connection whether anybody is there: Dask itself would try again and again."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(KNOCK_S):
            found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            _, writer = await asyncio.open_connection(str(found[0][4][0]), address.port)
            writer.close()
    except socket.gaierror:
        raise BadInput(f"There is no machine called {address.host}: look at the cluster's address.") from None
    except TimeoutError:
        raise BadInput(
            f"{address.host} does not answer: is the address right, and may this machine reach it?"
        ) from None
    except OSError:
        raise BadInput(
            f"No scheduler listens at {address}. Start one there with: dask scheduler --port {address.port}"
        ) from None


def page_of(address: Address, there: Mapping[str, Any]) -> str:
    """The scheduler's own page, as it and Dask's settings say where that is; empty where they do not.

    Args:
        address: the scheduler's.
        there: what it has told of itself.
    """
    port = there.get("services", {}).get("dashboard")
    if port is None:
        return ""
    host = f"[{address.host}]" if ":" in address.host else address.host
    try:
        found = str(engine().utils.format_dashboard_link(host, port))
    except KeyError:  # a person's setting names a variable that is not there
        return ""
    return found if found.startswith(("http://", "https://")) else ""


def _why(address: Address, error: BaseException, *, is_ours: bool) -> str:
    """Why no client could be made, as a sentence."""
    if is_ours:
        return f"The scheduler on this machine does not answer ({error}): start the run again."
    if address.scheme == "tls" and isinstance(error, TypeError):
        return f"{address} wants TLS, and Dask's own settings name no certificates (distributed.comm.tls)."
    if address.scheme == "tls":
        return (
            f"{address} takes no connection by TLS ({error}). Dask's own settings must name the certificates "
            f"(distributed.comm.tls)."
        )
    return f"What listens at {address} is no scheduler of Dask, or one that wants TLS: then write tls://."
