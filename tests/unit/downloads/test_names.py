"""Which name a file gets, from what a server says, from its address, and from what lies in its folder."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from workers.downloads.names import (
    Taken,
    disposition_name,
    free_names,
    numbered,
    safe_name,
    url_name,
    with_ending,
)
from workers.transport.answers import Answer, sent_on_to
from workers.transport.errors import DownloadError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("a.jpg", "a.jpg"),
        ("../../.profile", "profile"),
        ("..\\..\\con.jpg", "_con.jpg"),
        ("C:\\Windows\\a.jpg", "a.jpg"),
        ("a/", "a"),
        ("..", "picture"),
        ("", "picture"),
        (" . a b . ", "a b"),
        ("a\0b\r\n.jpg", "ab.jpg"),
        ("a:b*c?.jpg", "a_b_c_.jpg"),
        ("NUL", "_NUL"),
        ("com¹.txt", "_com¹.txt"),
        ("console.jpg", "console.jpg"),
        ("e\u0301t\u00e9 \u591c \U0001f303.jpg", "\u00e9t\u00e9 \u591c \U0001f303.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\ud800.jpg", "jpg"),
        ("a.jpg.part", "a.jpg.par_"),
    ],
)
def test_a_name_is_safe_on_every_system(wish: str, name: str) -> None:
    assert safe_name(wish) == name


def test_a_long_name_keeps_its_ending_and_whole_letters() -> None:
    name = safe_name("\u00e9" * 300 + ".jpg")
    assert name == "\u00e9" * 110 + ".jpg"
    assert len(safe_name("a" * 300).encode()) == 225
    assert len(safe_name("a." + "b" * 300).encode()) == 225


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.jpg"', "a b.jpg"),
        ("attachment; filename=a.jpg", "a.jpg"),
        ("inline;FileName = a.jpg ; size=3", "a.jpg"),
        (r'attachment; filename="say \"a\".jpg"', "say _a_.jpg"),
        ('attachment; filename="a;b.jpg"', "a;b.jpg"),
        (
            "attachment; filename=\"plain.jpg\"; filename*=UTF-8''se%C3%B1al%20%E2%82%AC.jpg",
            "se\u00f1al \u20ac.jpg",
        ),
        ("attachment; filename*=iso-8859-1'en'%A3.jpg; filename=plain.jpg", "\u00a3.jpg"),
        ("attachment; filename*=UTF-8''%FF.jpg; filename=plain.jpg", "plain.jpg"),
        ("attachment; filename*=utf-7''a.jpg; filename=plain.jpg", "plain.jpg"),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ('attachment; filename="se\u00c3\u00b1al.jpg"', "se\u00f1al.jpg"),  # UTF-8 that was read as Latin-1
        ('attachment; filename="se\udcc3\udcb1al.jpg"', "se\u00f1al.jpg"),  # UTF-8 that was kept as surrogates
        ('attachment; filename="se\u00f1al.jpg"', "se\u00f1al.jpg"),
        ('attachment; filename=""', ""),
        ('attachment; filename="..."', ""),
        ('attachment; filename="never closed', "never closed"),
        ("attachment", ""),
        ("filename=a.jpg", "a.jpg"),
        ("attachment; filename==?utf-99?Q?a?=", "=_utf-99_Q_a_="),
        ("attachment; filename==?utf-8?B?a?=", "=_utf-8_B_a_="),
        ("attachment; filename==?utf-8?B?w6k=?=", "\u00e9"),
        ("attachment; filename='a b.jpg'", "a b.jpg"),
        ("attachment; filename=UTF-8''a%20b.jpg", "a b.jpg"),
        ("attachment; filename=%FF100%.jpg", "%FF100%.jpg"),
        ("attachment filename=%22a.jpg%22", "a.jpg"),
        ('attachment; filename*0="a "; filename*1=b.jpg', "a b.jpg"),
        ("attachment; filename*0*=utf-7''a; filename*2=c; filename=plain.jpg", "plain.jpg"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_server_names_a_file_by_content_disposition(header: str | None, name: str) -> None:
    assert disposition_name(header) == name


def test_no_header_takes_long() -> None:
    begun = time.process_time()
    for piece in (";", '"', "\\", ';a="', ";filename=", "; \t", "='"):
        disposition_name("attachment" + piece * 60_000)
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://a/x/b%20c.jpg?w=9#top", "b c.jpg"),
        ("http://a/x/", "x"),
        ("http://a/", ""),
        ("http://a", ""),
        ("http://a?x=/b.jpg", ""),
        ("http://a/..%2f..%2fb.jpg", "b.jpg"),
        ("http://a/%FF.jpg", "\ufffd.jpg"),
        ("no address", ""),
    ],
)
def test_an_address_names_a_file_by_its_last_part(url: str, name: str) -> None:
    assert url_name(url) == name


def test_an_ending_is_what_the_contents_want() -> None:
    known = {".jpg", ".jpeg", ".png"}
    names = ["a.JPEG", "a.png", "a.b", "a"]
    assert [with_ending(name, (".jpg", ".jpeg"), known) for name in names] == [
        "a.JPEG",
        "a.jpg",
        "a.b.jpg",
        "a.jpg",
    ]


def test_numbers_stand_before_the_ending() -> None:
    assert [numbered("a.jpg", number) for number in (1, 2, 10)] == ["a.jpg", "a (2).jpg", "a (10).jpg"]
    assert (
        numbered("a. and a long sentence that is no ending", 2)
        == "a. and a long sentence that is no ending (2)"
    )


NUMBERED = {
    "report.pdf": "report (2).pdf",
    "a.zip": "a (2).zip",
    "a.HTML": "a (2).HTML",
    "a.7z": "a (2).7z",
    "a.mp4": "a (2).mp4",
    "a.001": "a (2).001",
    "a.tar.gz": "a (2).tar.gz",
    "a.Tar.XZ": "a (2).Tar.XZ",
    "a.csv.zst": "a (2).csv.zst",
    "a.tar.gz.sha256": "a (2).tar.gz.sha256",
    "a.gz": "a (2).gz",
    "a.b.c": "a.b (2).c",
    "a": "a (2)",
    ".bashrc": ".bashrc (2)",
    "a 2021.12.31": "a 2021.12.31 (2)",
    "v1.2": "v1.2 (2)",
    "John F. Kennedy": "John F. Kennedy (2)",
    "写真.pdf": "写真 (2).pdf",
}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_number_leaves_the_ending_at_the_end(name: str, tmp_path: Path) -> None:
    assert numbered(name, 2) == NUMBERED[name]
    (tmp_path / name).touch()
    assert next(free_names(str(tmp_path), name)) == NUMBERED[name]
    assert Taken([name], {".jpg"}).give(name) == NUMBERED[name]
    taken = Taken((), {".jpg"})
    third = NUMBERED[name].replace("(2)", "(3)")
    assert [taken.give(name) for _ in range(3)] == [name, NUMBERED[name], third]


def test_a_free_name_is_found_among_thousands_soon(tmp_path: Path) -> None:
    for number in range(1, 400):
        (tmp_path / numbered("a.jpg", number)).touch()
    names = free_names(str(tmp_path), "a.jpg")
    assert [next(names), next(names)] == ["a (400).jpg", "a (401).jpg"]


def test_the_names_of_a_plan_differ_by_more_than_case_and_ending() -> None:
    taken = Taken(["Sun.png"], {".jpg", ".png"})
    given = [taken.give(name) for name in ("sun.jpg", "SUN.jpg", "sun (2).jpg", "moon.jpg", "moon.txt")]
    assert given == ["sun (2).jpg", "SUN (3).jpg", "sun (2) (2).jpg", "moon.jpg", "moon.txt"]


def test_a_secure_address_is_not_left_for_one_that_is_not() -> None:
    def lead(url: str, location: str) -> str:
        return sent_on_to(Answer(url, 302, "Found", {"Location": location}))

    assert lead("http://a/b", "https://c/d") == "https://c/d"
    assert lead("https://a/b", "//c/d") == "https://c/d"
    with pytest.raises(
        DownloadError, match=r"secure address to one that is not, which is refused: http://c/d\."
    ):
        lead("https://a/b", "http://c/d")
