"""Downloads that go well: files, thumbnails, names, sessions, proxies and the plan."""

from __future__ import annotations

import gc
import io
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.unit.downloading import FORMS, Download
from tests.unit.misbehaving_server import Connection, MisbehavingServer, chunked, picture, response
from workers.task import Control, Phase
from workers.workloads import download as module
from workers.workloads.download import close, download, leave, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

JPEG = picture("JPEG")


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(Download, "form", request.param)
    return str(request.param)


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    server = MisbehavingServer()
    yield server
    close()
    server.close()


@pytest.mark.parametrize("answer", [response(JPEG), chunked(JPEG), response(JPEG, length="", Connection="close")])
def test_a_download_makes_a_file_and_a_thumbnail(
    answer: bytes, server: MisbehavingServer, form: str, tmp_path: Path
) -> None:
    found = Download(server.at("/a.jpg", answer), tmp_path).run()
    small = found.result
    assert (small.name, small.width, small.height, len(small.pixels)) == ("a.jpg", 160, 100, 160 * 100 * 4)
    assert found.events[-1].amount == len(JPEG)
    assert found.files == ["a.jpg"]
    assert (tmp_path / "a.jpg").read_bytes() == JPEG


def test_the_file_has_another_name_until_it_is_whole(server: MisbehavingServer, tmp_path: Path) -> None:
    go = threading.Event()

    def answer(connection: Connection) -> None:
        connection.send(response(JPEG)[:5000])
        go.wait(5)
        connection.send(response(JPEG)[5000:])

    steps = download(server.at("/a.jpg", answer), "a.jpg", str(tmp_path), Control())
    assert next(steps) == 0
    assert next(steps) > 0
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg.part"]
    go.set()
    for _ in steps:
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_a_second_run_takes_the_place_of_the_first(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"older")
    assert "404" in Download(server.url + "/gone", tmp_path).run().error
    assert (tmp_path / "a.jpg").read_bytes() == b"older"
    assert Download(server.at("/a.jpg", response(JPEG)), tmp_path).run().phase == Phase.DONE
    assert (tmp_path / "a.jpg").read_bytes() == JPEG


def test_a_download_that_is_closed_half_way_leaves_no_file(server: MisbehavingServer, tmp_path: Path) -> None:
    def answer(connection: Connection) -> None:
        connection.send(response(JPEG)[:5000])
        connection.stall()

    steps = download(server.at("/a.jpg", answer), "a.jpg", str(tmp_path), Control())
    next(steps)
    next(steps)
    steps.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("kind", "name", "final"),
    [
        ("PNG", "a.jpg", "a.png"),
        ("JPEG", "a.jpeg", "a.jpeg"),
        ("GIF", "photo-1.5", "photo-1.5.gif"),
        ("WEBP", "a", "a.webp"),
        ("BMP", "a.BMP", "a.BMP"),
    ],
)
def test_a_file_is_named_by_its_contents(
    kind: str, name: str, final: str, server: MisbehavingServer, form: str, tmp_path: Path
) -> None:
    found = Download(server.at("/a", response(picture(kind))), tmp_path, name=name).run()
    assert found.result.name == final
    assert found.files == [final]


def test_a_photo_taken_with_a_turned_camera_stands_upright(server: MisbehavingServer, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = Download(server.at("/a", response(picture(exif=exif))), tmp_path).run()
    assert (found.result.width, found.result.height) == (100, 160)


def test_pixels_are_blue_green_red(server: MisbehavingServer, tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), (10, 20, 30)).save(file, "PNG")
    found = Download(server.at("/a", response(file.getvalue())), tmp_path).run()
    assert found.result.pixels[:3] == bytes((30, 20, 10))
    assert (found.result.width, found.result.height) == (4, 4)


def test_redirects_are_followed(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    server.at("/there/b.jpg", response(JPEG))
    url = server.at("/here/a.jpg", response(b"moved", "301 Moved Permanently", Location="../there/b.jpg"))
    assert Download(url, tmp_path).run().phase == Phase.DONE


def test_a_thread_keeps_its_connection_until_close(server: MisbehavingServer, tmp_path: Path) -> None:
    url = server.at("/a.jpg", response(JPEG))
    for _ in range(3):
        assert Download(url, tmp_path).run().phase == Phase.DONE
    assert server.connections == 1
    close()
    assert Download(url, tmp_path).run().phase == Phase.DONE
    assert server.connections == 2


def test_a_thread_that_ends_closes_its_connection(server: MisbehavingServer, tmp_path: Path) -> None:
    url = server.at("/a.jpg", response(JPEG))
    before = set(module._clients._all)
    gc.disable()  # it must not take a collection of garbage
    try:
        thread = threading.Thread(target=Download(url, tmp_path).run)
        thread.start()
        thread.join()
        assert set(module._clients._all) == before
    finally:
        gc.enable()


def test_a_connection_works_again_after_a_cancel(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    found = Download(server.at("/silent", Connection.stall), tmp_path)
    found.start()
    assert server.reached.wait(5)
    found.cancelled_after()
    assert Download(server.at("/a.jpg", response(JPEG)), tmp_path).run().phase == Phase.DONE


def test_time_spent_paused_does_not_count(server: MisbehavingServer, tmp_path: Path) -> None:
    steps = download(server.at("/a.jpg", response(JPEG)), "a.jpg", str(tmp_path), Control(), total_s=0.3)
    next(steps)
    next(steps)
    server.closing.wait(0.4)
    for _ in steps:
        pass
    assert (tmp_path / "a.jpg").exists()


def test_proxies_are_for_the_network_alone(
    server: MisbehavingServer, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    url = server.at("/a.jpg", response(JPEG))
    assert Download(url, tmp_path).run().phase == Phase.DONE
    assert "cannot be reached" in Download("http://pictures.example/a.jpg", tmp_path).run().error
    monkeypatch.setenv("http_proxy", server.url)
    server.at("http://pictures.example/a.jpg", response(JPEG))
    assert Download("http://pictures.example/a.jpg", tmp_path).run().phase == Phase.DONE


def test_pictures_are_asked_for_as_they_are(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    Download(server.at("/a.jpg", response(JPEG)), tmp_path).run()
    assert "accept-encoding: identity\r\n" in server.heads[0].lower()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_told(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg.part").symlink_to("/dev/full")
    found = Download(server.at("/a.jpg", response(JPEG)), tmp_path).run()
    assert "a.jpg cannot be written: No space left on device." in found.error
    assert found.files == []


def test_a_folder_that_is_gone_is_told(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    found = Download(server.at("/a.jpg", response(JPEG)), tmp_path / "gone").run()
    assert "a.jpg cannot be written: No such file or directory." in found.error


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_deadline_must_make_sense(value: float, form: str, tmp_path: Path) -> None:
    assert "stall_s is a number of seconds above 0" in Download("http://a/", tmp_path, stall_s=value).run().error


# ---------------------------------------------------------------- the plan


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
    assert first["into"] == second["into"]
    assert Path(first["into"]).is_dir()
    leave()
    assert not Path(first["into"]).exists()
    (third,) = plan(1, 1, address)
    assert Path(third["into"]).is_dir()
    leave()


def test_a_list_of_addresses_starts_over_and_numbers_what_comes_again(tmp_path: Path) -> None:
    urls = listed(
        tmp_path, "# my pictures", "", "http://a.example/x/a%20b.jpg?w=9", " https://b.example/A_b.png ", "http://c/"
    )
    rows = plan(5, 1, address, urls=urls, folder=str(tmp_path))
    assert [row["name"] for row in rows] == ["a_b.jpg", "A_b-2.png", "c", "a_b-3.jpg", "A_b-4.png"]
    assert rows[1]["url"] == "https://b.example/A_b.png"
    assert len(plan(2, 1, address, urls=urls, folder=str(tmp_path))) == 2


def test_names_are_safe_on_every_system(tmp_path: Path) -> None:
    urls = listed(
        tmp_path, "http://a/..%2f..%2fetc%2fpasswd", "http://a/con.jpg", "http://a/é:*.jpg", f"http://a/{'x' * 300}.jpg"
    )
    names = [row["name"] for row in plan(4, 1, address, urls=urls, folder=str(tmp_path))]
    assert names[:2] == ["passwd", "_con.jpg"]
    for name in names:
        assert name.isascii()
        assert not set(name) & set('/\\:*?"<>|')
        assert len(name) < 100


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"ftp://a/b\nnothing\n", "has no web address in it"),
        (b"\xff\xfe\x00http", "cannot be read: it is no text file"),
    ],
)
def test_an_unusable_list_is_told(content: bytes | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        plan(3, 1, address, urls=str(path), folder=str(tmp_path))


def test_an_unusable_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=r"The pictures cannot go to .*file.*: (File exists|Not a directory)"):
        plan(3, 1, address, folder=str(tmp_path / "file"))


def test_looking_at_the_catalogue_imports_nothing() -> None:
    """The menu is made without requests, which takes long to import."""
    import subprocess

    code = (
        "import sys; from workers.discover import workloads; w = workloads(); assert 'download' in w, w; "
        "assert not {'requests', 'PIL'} & set(sys.modules); "
        "print([f.name for f in w['download'].fields])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert out.stdout.strip() == "['urls', 'folder', 'connect_s', 'stall_s', 'total_s']"


def test_a_persons_folder_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "picture-0001.jpg").write_bytes(b"mine")
    rows = plan(2, 1, lambda: "http://127.0.0.1:1", folder=str(tmp_path))
    assert [row["name"] for row in rows] == ["picture-0001-2.jpg", "picture-0002.jpg"]
