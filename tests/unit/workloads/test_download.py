"""Downloads that go well: files, thumbnails, names, sessions and proxies."""

from __future__ import annotations

import errno
import gc
import hashlib
import io
import os
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.support.misbehaving_server import Connection, MisbehavingServer, chunked, picture, response
from tests.support.single_downloads import Download
from tests.support.system_words import NO_FILE
from workers.downloads import part
from workers.engine.task import Control, Phase
from workers.workloads import download as module
from workers.workloads.download import close, download

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

JPEG = picture("JPEG")


class FullDisk:
    """The module `os` with another `write`."""

    def __init__(self, write: Callable[[int, bytes], int]) -> None:
        self.write = write

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


@pytest.mark.parametrize(
    "answer", [response(JPEG), chunked(JPEG), response(JPEG, length="", Connection="close")]
)
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

    steps = download(Control(), url=server.at("/a.jpg", answer), name="a.jpg", into=str(tmp_path))
    assert next(steps) == 0
    assert next(steps) > 0
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg.part"]
    go.set()
    for _ in steps:
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_nothing_is_overwritten(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"mine")
    (tmp_path / "a.jpg.part").write_bytes(b"of a browser")
    assert "404" in Download(server.url + "/gone", tmp_path).run().error
    found = Download(server.at("/a.jpg", response(JPEG)), tmp_path).run()
    assert found.result.name == "a (2).jpg"
    assert found.result.path == str(tmp_path / "a (2).jpg")  # which the gallery opens
    assert found.files == ["a (2).jpg", "a.jpg", "a.jpg.part"]
    assert (tmp_path / "a (2).jpg").read_bytes() == JPEG
    assert (tmp_path / "a.jpg").read_bytes() == b"mine"
    assert (tmp_path / "a.jpg.part").read_bytes() == b"of a browser"


def test_a_name_that_was_taken_meanwhile_is_not_overwritten(server: MisbehavingServer, tmp_path: Path) -> None:
    """Between the look at the folder and the file's name."""
    steps = download(Control(), url=server.at("/a.jpg", response(JPEG)), name="a.jpg", into=str(tmp_path))
    next(steps)
    next(steps)
    (tmp_path / "a.jpg").symlink_to(tmp_path / "nowhere")
    for _ in steps:
        pass
    assert (tmp_path / "a (2).jpg").read_bytes() == JPEG
    assert not (tmp_path / "nowhere").exists()


def test_many_at_once_want_the_same_name(server: MisbehavingServer, tmp_path: Path) -> None:
    url = server.at("/a.jpg", response(JPEG))
    downloads = [Download(url, tmp_path) for _ in range(12)]
    for one in downloads:
        one.start()
    for one in downloads:
        one.join()
    assert len({one.result.name for one in downloads}) == 12
    assert len(downloads[0].files) == 12


def test_a_disk_without_links_overwrites_nothing_either(
    server: MisbehavingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*args: object, **options: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "a.jpg").write_bytes(b"mine")
    found = Download(server.at("/a.jpg", response(JPEG)), tmp_path).run()
    assert found.result.name == "a (2).jpg"
    assert found.files == ["a (2).jpg", "a.jpg"]
    assert (tmp_path / "a.jpg").read_bytes() == b"mine"


DISPOSITION = 'attachment; filename="from the server.png"'


def test_a_server_may_name_its_file(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    url = server.at("/a", response(JPEG, Content_Disposition=DISPOSITION))
    assert Download(url, tmp_path).run().result.name == "from the server.jpg"
    assert Download(url, tmp_path, keep_name=True, name="mine.jpg").run().result.name == "mine.jpg"


def test_the_address_that_it_was_sent_on_to_names_it_where_the_first_one_does_not(
    server: MisbehavingServer, form: str, tmp_path: Path
) -> None:
    server.at("/files/b.jpg?size=large", response(JPEG))
    url = server.at("/photo", response(b"", "302 Found", Location="/files/b.jpg?size=large"))
    assert Download(url, tmp_path, name="photo").run().result.name == "b.jpg"
    assert Download(url, tmp_path, name="photo.jpg").run().result.name == "photo.jpg"


WHOLE = {
    "of a camera": picture("MPO", save_all=True, append_images=[Image.new("RGB", (80, 60))]),
    "with a film behind it": JPEG + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40,
    "with padding": JPEG + bytes(4096),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("ends", [{}, {"length": "", "Connection": "close"}])
def test_what_stands_behind_a_picture_is_kept_with_it(
    name: str, ends: dict[str, Any], server: MisbehavingServer, form: str, tmp_path: Path
) -> None:
    found = Download(server.at("/a.jpg", response(WHOLE[name], **ends)), tmp_path).run()
    assert (found.result.name, len(server.requests)) == ("a.jpg", 1)
    assert (tmp_path / "a.jpg").read_bytes() == WHOLE[name]


def test_any_file_is_kept_where_not_only_pictures_are_wanted(
    server: MisbehavingServer, form: str, tmp_path: Path
) -> None:
    url = server.at("/a.pdf", response(b"%PDF"))
    assert "no picture" in Download(url, tmp_path, name="a.pdf").run().error
    found = Download(url, tmp_path, name="a.pdf", only_pictures=False)
    assert found.run().result == ("a.pdf", 4, "")
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF"
    of_hash = hashlib.sha256(b"%PDF").hexdigest()
    found = Download(url, tmp_path, name="a.pdf", only_pictures=False, sha256=of_hash).run()
    assert found.result == ("a (2).pdf", 4, of_hash)


def test_limits_of_size_are_as_chosen(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    large = JPEG + bytes(1 << 20)
    for answer in (response(large), chunked(large)):
        found = Download(server.at("/a.jpg", answer), tmp_path, max_mib=1).run()
        assert "The file is too large: " in found.error
        assert found.files == []
    wide = response(picture("PNG", (1001, 1000)))
    assert (
        "too large: 1,001 x 1,000 pixels"
        in Download(server.at("/b", wide), tmp_path, max_megapixels=1).run().error
    )


def test_a_download_that_is_closed_half_way_leaves_no_file(server: MisbehavingServer, tmp_path: Path) -> None:
    def answer(connection: Connection) -> None:
        connection.send(response(JPEG)[:5000])
        connection.stall()

    steps = download(Control(), url=server.at("/a.jpg", answer), name="a.jpg", into=str(tmp_path))
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
    steps = download(
        Control(), url=server.at("/a.jpg", response(JPEG)), name="a.jpg", into=str(tmp_path), total_s=0.3
    )
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
    Download(server.at("/a.jpg", response(JPEG, Set_Cookie="known=yes")), tmp_path).run()
    Download(server.url + "/a.jpg", tmp_path).run()
    assert "accept-encoding: identity\r\n" in server.heads[0].lower()
    assert not any("cookie" in head.lower() for head in server.heads), "nobody is to be known again"


def test_a_full_disk_is_told(
    server: MisbehavingServer, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(part, "os", FullDisk(full))
    found = Download(server.at("/a.jpg", response(JPEG)), tmp_path).run()
    assert "a.jpg cannot be written: the disk is full: make room there, or choose another disk." in found.error
    assert found.files == []


def test_a_folder_that_is_gone_is_told(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    found = Download(server.at("/a.jpg", response(JPEG)), tmp_path / "gone").run()
    assert re.search(rf"a\.jpg cannot be written: {NO_FILE}\.", found.error)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"tries": 0}, "tries is a number of at least 1"),
        ({"max_mib": 0}, "max_mib is a number of at least 1"),
        ({"per_host": -1}, "per_host is a number of at least 0"),
        ({"sha256": "abc"}, "sha256 is 64 hexadecimal digits or nothing, not 'abc'"),
    ],
)
def test_what_is_ordered_must_make_sense(params: dict[str, Any], words: str, form: str, tmp_path: Path) -> None:
    assert words in Download("http://a/", tmp_path, **params).run().error


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_deadline_must_make_sense(value: float, form: str, tmp_path: Path) -> None:
    assert (
        "stall_s is a number of seconds above 0" in Download("http://a/", tmp_path, stall_s=value).run().error
    )
