"""A written file changes nothing that it must not: links, modes, other names, pipes, and what others have there."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from workers.utils import atomic_file
from workers.utils.atomic_file import check_writable, is_stream, part_file, why_not_written

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other files than these")
linux = pytest.mark.skipif(sys.platform != "linux", reason="of Linux's /proc")


def write(path: Path, data: bytes = b"new") -> None:
    check_writable(path)
    with part_file(path) as file:
        file.write(data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing else in it."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


def test_a_new_file_is_like_any_other(folder: Path) -> None:
    (folder / "plain").write_bytes(b"")
    write(folder / "a")
    assert (folder / "a").read_bytes() == b"new"
    assert (folder / "a").stat().st_mode == (folder / "plain").stat().st_mode
    assert sorted(os.listdir(folder)) == ["a", "plain"]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o666])
def test_the_mode_is_kept(folder: Path, mode: int) -> None:
    path = folder / "a"
    path.write_bytes(b"old and longer")
    path.chmod(mode)
    write(path)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert os.listdir(folder) == ["a"]


@posix
@pytest.mark.parametrize("there", [True, False])
def test_links_are_followed(folder: Path, there: bool) -> None:
    target = folder / "target"
    if there:
        target.write_bytes(b"old")
    (folder / "link").symlink_to("target")
    (folder / "a").symlink_to(folder / "link")
    write(folder / "a")
    assert (folder / "a").is_symlink()
    assert (folder / "link").is_symlink()
    assert target.read_bytes() == b"new"
    assert sorted(os.listdir(folder)) == ["a", "link", "target"]


@posix
def test_other_names_of_a_file_keep_it(folder: Path) -> None:
    path, other = folder / "a", folder / "other"
    path.write_bytes(b"old and longer")
    os.link(path, other)
    write(path)
    assert other.read_bytes() == b"new"
    assert other.stat().st_nlink == 2
    with suppress(ValueError), part_file(path) as file:
        file.write(b"newer")
        raise ValueError
    assert other.read_bytes() == b"new"
    assert sorted(os.listdir(folder)) == ["a", "other"]


@linux
def test_what_stands_beside_the_bytes_is_kept(folder: Path) -> None:
    path = folder / "a"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.origin", b"somewhere")
    except OSError:
        pytest.skip("this disk keeps no such notes")
    write(path)
    assert (path.read_bytes(), os.getxattr(path, "user.origin")) == (b"new", b"somewhere")


@posix
@pytest.mark.parametrize("why", [errno.EBUSY, errno.EXDEV, errno.EPERM])
def test_a_file_that_cannot_be_replaced_is_written_over(
    folder: Path, why: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one that is mounted into a container alone."""
    path = folder / "a"
    path.write_bytes(b"old and longer")

    def refuse(part: str, target: str) -> None:
        raise OSError(why, os.strerror(why))

    monkeypatch.setattr(os, "replace", refuse)
    write(path)
    assert path.read_bytes() == b"new"
    assert os.listdir(folder) == ["a"]


@pytest.mark.parametrize("name", ["a.part", "a.part.part", ".a.part"])
def test_files_of_others_are_left_alone(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"of somebody")
    write(folder / "a")
    write(folder / "a")
    assert (folder / name).read_bytes() == b"of somebody"
    assert sorted(os.listdir(folder)) == sorted(["a", name])


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may write to everything")
def test_a_file_that_must_not_be_written_to_is_left_alone(folder: Path) -> None:
    path = folder / "a"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        check_writable(path)
    with pytest.raises(PermissionError), part_file(path):
        pass
    assert path.read_bytes() == b"old"


@posix
def test_a_folder_that_was_removed_meanwhile_is_made_again(folder: Path) -> None:
    path = folder / "a"
    check_writable(path)
    folder.rmdir()
    with part_file(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


# ---------------------------------------------------------------- what is no plain file


@posix
def test_a_named_pipe_is_written_to(folder: Path) -> None:
    path = folder / "a"
    os.mkfifo(path)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(path.read_bytes()))
    reader.start()
    write(path, b"new" * 100_000)
    reader.join(10)
    assert found == [b"new" * 100_000]
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert os.listdir(folder) == ["a"]


@posix
def test_a_pipe_that_nobody_reads_from_does_not_wait_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_file, "READER_S", 0.0)
    path = folder / "a"
    os.mkfifo(path)
    check_writable(path)
    with pytest.raises(OSError, match="No such device") as caught, part_file(path):
        pass
    assert why_not_written(path, caught.value) == f"{path} cannot be written: nobody reads from it."


@posix
def test_a_device_is_written_to() -> None:
    write(Path(os.devnull))
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@linux
@pytest.mark.parametrize("by", ["/dev/fd", "/proc/self/fd", "a link"])
def test_an_open_file_is_written_to_where_it_stands(folder: Path, by: str) -> None:
    with (folder / "all").open("wb", buffering=0) as file:
        file.write(b"before ")
        path = Path(f"{'/dev/fd' if by == 'a link' else by}/{file.fileno()}")
        if by == "a link":
            (folder / "link").symlink_to(path)
            path = folder / "link"
        assert is_stream(path)
        write(path)
        file.write(b" after")
    assert (folder / "all").read_bytes() == b"before new after"
