"""Which addresses a run of downloads has, in which order, under which names and into which folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import certifi
import pytest

from tests.support.system_words import NO_FILE, NO_FOLDER
from workers.catalog import lookup
from workers.downloads.order import Order
from workers.downloads.planning import Rows
from workers.engine.plan import MAX_TASKS
from workers.engine.run import usual_seconds
from workers.utils.errors import BadInput
from workers.workloads import download
from workers.workloads.download import leave, plan

NOWHERE = os.path.abspath("/nowhere")


def address() -> str:
    return "http://127.0.0.1:1"


def listed(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "urls.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_the_plan_takes_pictures_from_our_own_server(tmp_path: Path) -> None:
    rows = plan(3, 1, address, folder=str(tmp_path / "new"))
    assert [row["name"] for row in rows] == ["picture-0001.jpg", "picture-0002.jpg", "picture-0003.jpg"]
    assert len({row["url"] for row in rows}) == 3
    assert rows[0]["url"].startswith("http://127.0.0.1:1/pictures/")
    assert {row["into"] for row in rows} == {str((tmp_path / "new").resolve())}
    assert (tmp_path / "new").is_dir()
    assert rows == plan(3, 1, address, folder=str(tmp_path / "new"))
    assert rows[0]["url"] != plan(3, 2, address, folder=str(tmp_path))[0]["url"]


def test_the_temporary_folder_stays_until_the_end() -> None:
    (first,), (second,) = plan(1, 1, address), plan(1, 1, address)
    assert not Path(first["into"]).exists(), "each run has an empty one, and the one before it goes"
    assert Path(second["into"]).is_dir()
    leave()
    assert not Path(second["into"]).parent.exists()
    (third,) = plan(1, 1, address)
    assert Path(third["into"]).is_dir()
    leave()


def test_what_a_killed_program_left_goes_and_what_a_living_one_has_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    make = "from workers.downloads.planning import temporary_folder as t; print(t(), flush=True); input()"
    command, root = [sys.executable, "-c", make], Path(__file__).parents[3]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(root)}
    leave()
    programs = [
        subprocess.Popen(command, env=environment, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        folders = [Path(program.stdout.readline().decode().strip()) for program in programs if program.stdout]
        programs[0].kill()
        programs[0].wait()
        assert [folder.is_dir() for folder in folders] == [True, True]
        (tmp_path / "thaw-of-somebody").mkdir()
        plan(1, 1, address)
        assert [folder.is_dir() for folder in folders] == [False, True]
        assert (tmp_path / "thaw-of-somebody").is_dir()
    finally:
        for program in programs:
            program.communicate(b"\n")
        leave()
    assert [path.name for path in tmp_path.iterdir()] == ["thaw-of-somebody"]


def test_each_address_of_a_list_is_fetched_once(tmp_path: Path) -> None:
    urls = listed(
        tmp_path,
        "# my pictures",
        "",
        "see <http://a.example/x/a%20b.jpg?w=9>,",
        " https://b.example/A_b.png ",
        "http://c/a%20b.jpg",
        "https://b.example/A_b.png",
        "ftp://d.example/a.jpg",
    )
    rows = plan(MAX_TASKS, 1, address, urls=urls, folder=str(tmp_path))
    assert sorted(row["name"] for row in rows) == ["A_b.png", "a b (2).jpg", "a b.jpg"]
    assert rows[1]["url"] == "https://b.example/A_b.png"
    assert notes(rows) == ("1 line holds no http or https address, such as 'ftp://d.example/a.jpg'.",)


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        (1, "2 addresses of the list are left: more tasks would fetch them."),
        (2, "1 address of the list is left: more tasks would fetch them."),
    ],
)
def test_what_is_left_of_a_list_is_told(tasks: int, said: str, tmp_path: Path) -> None:
    urls = listed(tmp_path, "http://a/1", "http://a/2", "http://a/3")
    rows = plan(tasks, 1, address, urls=urls, folder=str(tmp_path))
    assert len(rows) == tasks
    assert notes(rows) == (said,)


def notes(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    assert isinstance(rows, Rows)
    return rows.notes


def test_hosts_take_turns(tmp_path: Path) -> None:
    urls = listed(tmp_path, *[f"http://a/{n}" for n in range(4)], "http://b/1", "http://b/2", "http://c:8/1")
    order = [row["url"] for row in plan(7, 1, address, urls=urls, folder=str(tmp_path))]
    assert order == [f"http://{end}" for end in ("a/0", "b/1", "c:8/1", "a/1", "b/2", "a/2", "a/3")]


def test_a_list_may_give_hashes_and_the_rows_say_what_the_run_shares(tmp_path: Path) -> None:
    urls = listed(tmp_path, f"{'a' * 64}  http://a/a.jpg", "http://b/b.jpg")
    rows = plan(2, 1, address, urls=urls, folder=str(tmp_path), per_host=3)
    assert [row.get("sha256") for row in rows] == ["a" * 64, None]
    assert {row["per_host"] for row in rows} == {3}
    assert Path(rows[0]["gate"]).is_dir()
    for row in rows:
        Order(**row)
    leave()


def test_ten_thousand_addresses_are_planned_soon(tmp_path: Path) -> None:
    urls = listed(tmp_path, *[f"http://host-{n % 700}/photo.jpg?{n}" for n in range(10_000)])
    begun = time.process_time()
    rows = plan(10_000, 1, address, urls=urls, folder=str(tmp_path))
    assert time.process_time() - begun < 2.0, "well under a second where nothing else runs"
    assert len({row["name"] for row in rows}) == 10_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, f"cannot be read: {NO_FILE}"),
        (b"ftp://a/b\nnothing\n", "has no web address in it"),
        (b"\x00\x01\x02http://a/" * 50, "is no text"),
    ],
)
def test_an_unusable_list_is_told(content: bytes | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        plan(3, 1, address, urls=str(path), folder=str(tmp_path))


@pytest.mark.parametrize(("text", "tasks"), [("http://a/1\nhttps://a/2 3", 2), (None, download.TASKS)])
def test_how_long_a_list_takes_is_known_before_the_run(text: str | None, tasks: int, tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    if text is not None:
        path.write_text(text)
    params = {"urls": str(path)}
    expected = usual_seconds(lookup.workloads()["download"], MAX_TASKS, params)
    assert expected == pytest.approx(tasks * download.SECONDS_A_PICTURE)


def test_the_environment_names_the_authorities_where_nobody_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls, folder = listed(tmp_path, "https://a/1"), str(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))  # a folder is none
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    assert [row["ca_file"] for row in plan(1, 1, address, urls=urls, folder=folder)] == [certifi.where()]
    (tmp_path / "ca.pem").write_bytes(Path(certifi.where()).read_bytes())
    (row,) = plan(1, 1, address, urls=urls, folder=folder, ca_file=str(tmp_path / "ca.pem"))
    assert row["ca_file"] == str(tmp_path / "ca.pem")
    assert "ca_file" not in plan(1, 1, address, folder=folder)[0], "Thaw's own server has no certificate"


def test_an_unusable_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=rf"The pictures cannot go to .*file.*: {NO_FOLDER}"):
        plan(3, 1, address, folder=str(tmp_path / "file"))


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"limit": "fast"}, "limit is bytes a second, such as 500k or 2M, not 'fast'"),
        ({"limit_each": "0"}, "limit_each is bytes a second"),
        ({"headers": "X-Key: one\nSECRET"}, "Line 2 of the headers is none"),
        ({"headers": "X-Key: ***"}, "The value of the header X-Key is not kept"),
        (
            {"headers": "@/nowhere/headers"},
            f"The headers cannot be read from {NOWHERE}{os.sep}headers: No such file",
        ),
        (
            {"ca_file": "/nowhere/ca.pem"},
            f"The CA file {NOWHERE}{os.sep}ca.pem cannot be used: No such file",
        ),
        ({"ca_file": __file__}, "cannot be used: it has no certificate in PEM"),
    ],
)
def test_what_makes_no_sense_for_all_is_refused_before_the_start(params: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as told:
        plan(1, 1, address, **params)
    assert words in str(told.value)
    assert "SECRET" not in str(told.value)


def test_what_is_for_all_stands_in_every_row() -> None:
    rows = plan(2, 1, address, limit="2k", headers=" X-Key:  one")
    assert [(row["limit"], row["headers"]) for row in rows] == [(2048, "X-Key: one")] * 2
    assert all(row["gate"] for row in rows)


def test_looking_at_the_catalogue_imports_nothing() -> None:
    """The menu is made without requests, which takes long to import."""
    import subprocess

    code = (
        "import sys; from workers.catalog.lookup import workloads; w = workloads(); assert 'download' in w, w; "
        "assert not {'requests', 'PIL'} & set(sys.modules); "
        "print([f.name for f in w['download'].fields])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    planned = "urls folder queue per_host limit limit_each headers ca_file retry_failed".split()
    ordered = ["connect_s", "stall_s", "total_s", "tries", "max_mib", "max_megapixels", "only_pictures"]
    assert out.stdout.strip() == str([*planned, *ordered])


def test_a_persons_folder_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "picture-0001.jpg").write_bytes(b"mine")
    rows = plan(2, 1, lambda: "http://127.0.0.1:1", folder=str(tmp_path))
    assert [row["name"] for row in rows] == ["picture-0001 (2).jpg", "picture-0002.jpg"]
