"""Whatever a server or an address says, a file's name is safe on Linux, Windows and macOS and stays in its folder."""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
import tempfile
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workers.downloads import names
from workers.utils.decoding.thumbnail import SUFFIXES

pytestmark = pytest.mark.examples

WORDS = '.. / \\ C: con CON nul com1 LPT9 aux . ~ %2e%2e %2F %00 .jpg .part .exe .desktop : * ? " < > | é 🖼 -'
PIECES = st.sampled_from([*WORDS.split(), " ", "\0", "\r\n", "\u202e", "\ufeff", "e\u0301"])
WISHES = st.one_of(
    st.text(), st.lists(st.one_of(PIECES, st.text(max_size=4))).map("".join), st.text(min_size=200)
)
SURROGATES = st.text(st.characters(codec=None))
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\..*)?", re.IGNORECASE)


def check_safe(name: str) -> None:
    """Fail where a name could harm on any of the systems."""
    assert name
    assert name == unicodedata.normalize("NFC", name)
    assert len(name.encode()) <= 255
    assert posixpath.basename(name) == ntpath.basename(name) == name
    assert ntpath.splitdrive(name)[0] == ""
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in name)
    assert not set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert not RESERVED.fullmatch(name)
    assert not name.lower().endswith(".part")
    folder = os.path.join(os.sep, "a", "folder")
    assert os.path.dirname(os.path.normpath(os.path.join(folder, name))) == folder


@given(st.one_of(WISHES, SURROGATES))
@example("CON .jpg")
@example("a" * 400 + ".jpg")
@example("a." + "ä" * 300)
@example(". .part")
def test_any_wish_gives_a_safe_name_and_a_safe_name_stays_what_it_is(wish: str) -> None:
    name = names.safe_name(wish)
    check_safe(name)
    assert names.safe_name(name) == name


@given(WISHES, st.sampled_from(["http://host/", "https://host/a/", "http://host:80/x?y=", "//", ""]))
def test_any_address_gives_a_safe_name_or_none(path: str, start: str) -> None:
    for url in (start + path, start + quote(path, safe="")):
        name = names.url_name(url)
        if name:
            check_safe(name)


@given(
    st.one_of(
        WISHES,
        WISHES.map(lambda wish: f'attachment; filename="{wish}"'),
        WISHES.map(lambda wish: f"attachment; filename={wish}"),
        WISHES.map(lambda wish: f"inline; filename*=UTF-8''{quote(wish, safe='')}; filename=\"{wish}\""),
        st.binary().map(
            lambda data: "attachment; filename*=iso-8859-1'en'" + "".join(f"%{one:02x}" for one in data)
        ),
        st.binary().map(lambda data: b'attachment; filename="'.decode() + data.decode("latin-1") + '"'),
        SURROGATES,
    )
)
@example('attachment; filename="\ud800\udcff.jpg"')
def test_any_content_disposition_gives_a_safe_name_or_none(header: str) -> None:
    name = names.disposition_name(header)
    if name:
        check_safe(name)


@given(WISHES, st.sampled_from(sorted(SUFFIXES)), st.integers(1, 10**6))
def test_endings_and_numbers_keep_a_name_safe(wish: str, kind: str, number: int) -> None:
    known = [ending for endings in SUFFIXES.values() for ending in endings]
    name = names.with_ending(names.safe_name(wish), SUFFIXES[kind], known)
    check_safe(name)
    assert name.lower().endswith(SUFFIXES[kind])
    assert names.with_ending(name, SUFFIXES[kind], known) == name
    again = names.numbered(name, number)
    check_safe(again)
    assert again.lower().endswith(SUFFIXES[kind])
    assert len(f"{again}.part".encode()) <= 255


@given(
    st.lists(
        st.one_of(st.sampled_from(["a.jpg", "A.JPG", "a.png", "a (2).jpg", "a", "ß.gif", "ss.gif"]), WISHES),
        max_size=20,
    )
)
def test_no_two_tasks_of_a_run_have_a_name_in_common(wishes: list[str]) -> None:
    taken = names.Taken(["a (3).jpg"], [".jpg", ".png", ".gif"])
    given_out = [taken.give(names.safe_name(wish)) for wish in wishes]
    stems = [
        os.path.splitext(name)[0] if name.lower().endswith((".jpg", ".png", ".gif")) else name
        for name in given_out
    ]
    assert len({stem.casefold() for stem in [*stems, "a (3)"]}) == len(stems) + 1, (
        "names that differ in case only are one"
    )


@given(st.lists(st.integers(1, 30), max_size=20), st.booleans())
def test_a_free_name_is_free_whatever_lies_there(numbers: list[int], with_link: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            (Path(folder) / names.numbered("a.jpg", number)).touch()
        if with_link and not os.path.lexists(os.path.join(folder, "a.jpg")):
            (Path(folder) / "a.jpg").symlink_to("nowhere")
        free = names.free_names(folder, "a.jpg")
        first, second = next(free), next(free)
        assert not os.path.lexists(os.path.join(folder, first))
        assert not os.path.lexists(os.path.join(folder, second))
        assert first != second
        for name in (first, second):
            check_safe(name)
