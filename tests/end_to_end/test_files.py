"""The program's files are where a person named them, whatever a run does, and a list may come out of a pipe."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.end_to_end.servers import PictureServer
from tests.support.program import Ended, Program

WANDERER = """
import os, tempfile

def wander(number: int = 1):
    there = tempfile.mkdtemp()
    os.chdir(there)
    os.rmdir(there)
    return number
"""
SHORT = ("--workload", "sleep", "--param", "seconds=0.01", "--tasks", "1")
FILES = ("--report", "a.json", "--save", "a.thaw", "--export", "a.html", "--export", "a.csv")

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def run(environment: dict[str, str], *arguments: str) -> Ended:
    with Program(["--headless", *arguments], environment, cwd=Path(environment["HOME"])) as program:
        return program.wait(60)


@posix
@pytest.mark.parametrize("work", ["wanderer.py:wander", "wanderer:wander"])
def test_a_run_that_goes_to_a_folder_and_removes_it_takes_no_file_with_it(
    work: str, environment: dict[str, str]
) -> None:
    home = Path(environment["HOME"])
    (home / "wanderer.py").write_text(WANDERER)
    ended = run(environment, "--workload", work, "--tasks", "2", "--compare", "--runner", "qthread", *FILES)
    assert (ended.code, ended.err) == (0, "")
    for name in FILES[1::2]:
        assert (home / name).stat().st_size > 100


@posix
def test_what_is_no_plain_file_is_written_to(environment: dict[str, str]) -> None:
    home = Path(environment["HOME"])
    found: dict[str, bytes] = {}
    readers = []
    for name in ("a.thaw", "b.html"):
        os.mkfifo(home / name)
        readers.append(
            threading.Thread(target=lambda name=name: found.update({name: (home / name).read_bytes()}))
        )
        readers[-1].start()
    ended = run(environment, *SHORT, "--report", "/dev/stdout", "--save", "a.thaw", "--export", "b.html")
    for reader in readers:
        reader.join(20)
    assert (ended.code, ended.err) == (0, "")
    begin, end = ended.out.index("{\n"), ended.out.index("\n}\n") + 2
    assert json.loads(ended.out[begin:end])["counts"]["done"] == 1
    assert "1 task done" in ended.out
    (home / "a.zip").write_bytes(found["a.thaw"])
    with ZipFile(home / "a.zip") as saved:
        assert saved.testzip() is None
    assert found["b.html"].endswith(b"</html>\n")
    assert (home / "a.thaw").is_fifo()


@posix
def test_a_list_out_of_a_pipe_is_read_once(environment: dict[str, str]) -> None:
    home = Path(environment["HOME"])
    with PictureServer() as server:
        url = f"http://127.0.0.1:{server.server_port}"
        os.mkfifo(home / "list")
        writer = threading.Thread(
            target=lambda: (home / "list").write_text(f"{url}/a.jpg\nwww/x\n{url}/b.jpg\n")
        )
        writer.start()
        work = ("--workload", "download", "--tasks", "2", "--param", "urls=list")
        ended = run(environment, "--compare", "--runner", "thread_pool", *work)
        writer.join(20)
        assert (ended.code, ended.err) == (0, "")
        assert "1 line holds no http or https address" in ended.out
        assert server.asked == 4
