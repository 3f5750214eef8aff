"""The command lines of docs/cluster.md, one after the other as a person types them, with HOST on this machine."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.installed import install
from tests.support.program import ROOT, Ended, Program, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCKS = [
    block.splitlines()
    for block in re.findall(
        r"^```sh\n(.*?)^```", (ROOT / "docs" / "cluster.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    if "HOST" in block
]
BIN = Path(sys.executable).parent


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def listens(port: int) -> bool:
    with closing(socket.socket()) as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def certificates(folder: Path) -> None:
    import distributed

    security: Any = distributed.Security  # it has no types
    made = security.temporary()
    for name, content in (
        ("ca", made.tls_ca_file),
        ("cert", made.tls_client_cert),
        ("key", made.tls_client_key),
    ):
        (folder / f"{name}.pem").write_text(content)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def serve(stack: ExitStack, words: list[str], environment: dict[str, str], folder: Path) -> None:
    """Start what goes on until the end of the test, with all that it starts itself."""
    log = stack.enter_context((folder / f"{Path(words[0]).name}.log").open("ab"))
    process = subprocess.Popen(
        words, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)


@pytest.mark.long
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{shlex.split(block[0])[0]}-{len(block)}")
def test_what_it_says_is_done_in_this_order(
    block: list[str], environment: dict[str, str], tmp_path: Path, stack: ExitStack
) -> None:
    if "redis-server" in block[0] and shutil.which("redis-server") is None:
        pytest.skip("There is no redis-server here.")
    port = free_port()
    site = install(tmp_path / "installed").parents[1] / "lib" / "python3" / "site-packages"
    certificates(tmp_path)
    variables = {**environment, "PYTHONPATH": str(site)}
    runs = 0
    for line in block:
        words = shlex.split(re.sub("8786|6379", str(port), line).replace("HOST", "127.0.0.1"))
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            variables[name] = value
        elif words[0] != "scripts/run":
            beside = BIN / words[0]
            serve(stack, [str(beside) if beside.exists() else words[0], *words[1:]], variables, tmp_path)
            wait_until(lambda: listens(port), line)
        else:
            runs += run(words[1:], {**environment, **variables}, tmp_path)
    assert runs == 1


def run(words: list[str], variables: dict[str, str], folder: Path) -> int:
    """Run the program until it finds the workers, which are still starting; returns 1."""
    ended: list[Ended] = []

    def is_done() -> bool:
        with Program([*words, "--tasks", "4", "--json"], variables, cwd=folder) as program:
            ended[:] = [program.wait(60)]
        return bool(ended[0].code != 2)

    wait_until(is_done, " ".join(words))
    assert ended[0].code == 0, ended
    assert json.loads(ended[0].out)["counts"]["done"] == 4
    return 1
