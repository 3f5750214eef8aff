"""What only its owner may know is in nothing that the program writes but the queue's file, which nobody else reads."""

from __future__ import annotations

import os
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from gui.process import streams
from tests.support.misbehaving_server import MisbehavingServer, response
from tests.support.program import run
from workers.command_line.parser import parse
from workers.engine.plan import Plan
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from pathlib import Path

NAMES = tuple(f"{name}?sig=query-5ecr3t" for name in ("reason", "location", "odd", "length"))
HEADER, QUERY, PASSWORD, PROXY = (f"{name}-5ecr3t" for name in ("header", "query", "password", "proxy"))


def words_in(path: Path) -> bytes:
    """What is in a file, its members unpacked."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as members:
            data += b"".join(members.read(name) for name in members.namelist())
    return data


@pytest.mark.parametrize(
    "runner",
    ["thread_pool", *(pytest.param(name, marks=pytest.mark.long) for name in ("asyncio_loop", "process_pool"))],
)
def test_no_secret_is_written(runner: str, environment: dict[str, str], tmp_path: Path) -> None:
    if runner == "asyncio_loop":
        pytest.importorskip("aiohttp")
    server = MisbehavingServer()
    repeated = f"{HEADER} {QUERY} {PASSWORD}"
    server.at(f"/ok.bin?X-Amz-Signature={QUERY}", response(b"all"))
    server.at(f"/reason?sig={QUERY}", response(b"", f"403 {repeated}", Set_Cookie=HEADER))
    location = f"ftp://me:{PASSWORD}@host/x?sig={QUERY}"
    server.at(f"/location?sig={QUERY}", response(b"", f"302 {HEADER}", Location=location))
    server.at(
        f"/odd?sig={QUERY}", response(b"", "302 Found", Location=f"http://me:{PASSWORD}@host:x/?a={QUERY}")
    )
    server.at(f"/length?sig={QUERY}", response(b"", length=f"{QUERY}"))
    login = server.url.replace("://", f"://me:{PASSWORD}@")
    paths = (f"ok.bin?X-Amz-Signature={QUERY}", f"no.bin?token={QUERY}&b=1", *NAMES)
    urls = [f"{login}/{path}" for path in paths]
    urls += [f"{login}?key={QUERY}", f"http://me:{PASSWORD}@192.0.2.7/?sig={QUERY}"]
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "list.txt").write_text("\n".join(urls))
    environment |= {"http_proxy": f"http://me:{PROXY}@127.0.0.1:9"}
    written = [f"--export={out / f'run{suffix}'}" for suffix in (".html", ".csv", ".trace.json")]
    params = {"urls": tmp_path / "list.txt", "queue": tmp_path / "queue", "folder": out, "tries": 1}
    params |= {"only_pictures": "off", "headers": f"X-Key: {HEADER}\nAuthorization: Bearer {HEADER}"}
    asked = ["--headless", "--json", "--log-level=debug", "--runner", runner, "--workload", "download"]
    asked += [f"--param={name}={value}" for name, value in params.items()]
    ended = run([*asked, f"--report={out / 'run.json'}", f"--save={out / 'run.thaw'}", *written], environment)
    server.close()
    assert any(HEADER in head for head in server.heads)
    assert any(QUERY in head for head in server.heads)
    assert '"done": 1,' in ended.out, ended.err
    assert '"X-Key: ***' in ended.out
    texts = {path.name: words_in(path) for path in tmp_path.rglob("*") if path.is_file()}
    texts = {name: text for name, text in texts.items() if name != "list.txt" and not name.startswith("queue")}
    assert {"run.json", "run.thaw", "run.html", "run.csv", "run.trace.json"} <= texts.keys()
    texts |= {"stdout": ended.out.encode(), "stderr": ended.err.encode()}
    assert [name for name, text in texts.items() if b"5ecr3t" in text] == []
    queue = [path for path in tmp_path.iterdir() if path.name.startswith("queue")]
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in queue} == {0o600}


URL = f"https://me:{PASSWORD}@host.invalid/x?sig={QUERY}"


def plan_of(*arguments: str) -> Plan:
    settings = parse(arguments).settings
    return Plan(settings, lambda: "", dict(settings.params))


@pytest.mark.parametrize(
    "typed",
    [
        ("--param", "headers", f"Authorization: {HEADER}"),
        ("--param", f"Authorization: {HEADER}=="),
        ("--param", f"headers=Bearer {HEADER}"),
        (URL,),
        ("--runner", URL),
        ("--workload", f"{URL}:f"),
        ("--open", URL),
        *(("--param", f"{name}={URL}") for name in ("urls", "ca_file", "limit")),
        ("--param", f"headers=@{URL}"),
        ("--report", URL),
    ],
    ids=" ".join,
)
def test_no_refusal_repeats_a_secret(typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """What is typed in the wrong place may be the value of a header, or an address."""
    with pytest.raises(ThawError) as refused:
        plan_of("--headless", "--workload", "download", *typed)
    streams.complain(str(refused.value))
    told = capsys.readouterr().err
    assert told.startswith("thaw: ")
    assert "5ecr3t" not in told
