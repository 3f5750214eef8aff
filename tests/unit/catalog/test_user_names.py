"""What names of own functions mean, and what is said of those that mean nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workers.catalog import user_functions, user_names
from workers.catalog.user_names import Name, parse


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.py:work", Name("a.py", "work", True)),
        ("some/folder/a.py:work", Name("some/folder/a.py", "work", True)),
        ("some:odd/a.py:work", Name("some:odd/a.py", "work", True)),
        (r"C:\files\a.py:work", Name(r"C:\files\a.py", "work", True)),
        ("C:/files/a.py:work", Name("C:/files/a.py", "work", True)),
        ("./script:work", Name("./script", "work", True)),
        ("package.module:work", Name("package.module", "work", False)),
        ("module:work", Name("module", "work", False)),
    ],
)
def test_a_name_has_two_parts(name: str, parts: Name) -> None:
    assert user_names.is_own(name)
    assert parse(name) == parts


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.py", "Name a function of a.py too: a.py:NAME."),
        ("a.py:", "Name a function of a.py too: a.py:NAME."),
        (r"C:\files\a.py", r"Name a function of C:\files\a.py too: C:\files\a.py:NAME."),
        (
            "not a module:work",
            "'not a module:work' names no function: it is said as path/to/file.py:function or package.module:function.",
        ),
    ],
)
def test_a_name_that_means_nothing_is_told(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as caught:
        parse(name)
    assert str(caught.value) == sentence


def test_names_of_workloads_are_no_own_ones() -> None:
    assert not any(user_names.is_own(name) for name in ("primes", "hash_files", ""))
    assert user_names.title("primes") == user_names.slug("primes") == user_names.short("primes") == "primes"


def test_people_see_neither_folders_nor_suffix_more_than_needed() -> None:
    name = "/home/somebody/code/pictures.py:resize"
    assert user_names.title(name) == "resize (pictures.py)"
    assert user_names.title(r"C:\Users\somebody\pictures.py:resize") == "resize (pictures.py)"
    assert user_names.title("package.module:work") == "work (package.module)"
    assert user_names.slug(name) == "resize"
    assert user_names.short(name) == "pictures.py:resize"
    assert user_names.title("broken.py") == "broken.py"


def test_a_kept_name_begins_with_the_persons_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    name = user_names.name_of(tmp_path / "in" / "a.py", "work")
    assert name.startswith("~")
    assert user_names.locate(parse(name)) == tmp_path / "in" / "a.py"
    assert user_names.name_of("/elsewhere/a.py", "work") == f"{Path('/elsewhere/a.py').absolute()}:work"


@pytest.mark.parametrize("package", ["workers", "gui", "main"])
def test_a_package_without_a_file_of_its_own_wins_over_ours(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "job.py").write_text("def work(): ...\n")
    monkeypatch.chdir(tmp_path)
    assert user_names.locate(parse(f"{package}.job:work")) == tmp_path / package / "job.py"


def test_a_module_is_found_without_importing_the_package_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "some_package"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "inner.py").write_text("raise RuntimeError('imported')\ndef work(): ...\n")
    monkeypatch.chdir(tmp_path)
    before = set(sys.modules)
    assert user_functions.entry("some_package.inner:work").path == package / "inner.py"
    assert not [name for name in set(sys.modules) - before if name.startswith("some_package")]
    with pytest.raises(
        ValueError,
        match=r"There is no module some_package\.nowhere here.* or the Python that has it \(--python PATH\)\.",
    ):
        user_functions.entry("some_package.nowhere:work")
    assert user_functions.entry("time:sleep").path == Path(sys.executable), "it is built into Python"
    assert user_functions.entry("os.path:join").path.stem in {"posixpath", "ntpath"}
