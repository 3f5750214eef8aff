"""Where addresses lead, what a Location means, and who is told a name and a password."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from workers.transport.errors import DownloadError
from workers.transport.http.destination import authorization, destination, resolved, shown

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("HTTP://Example.ORG:80/A%2f?#x", "http://example.org/A%2f?"),
        ("https://me:pw@example.org:443", "https://example.org/"),
        ("http://[::1]:8080?x", "http://[::1]:8080/?x"),
        ("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC"),
        (" http://a:/b c ", "http://a/b%20c"),
        ("http://a@b@c/d", "http://c/d"),
    ],
)
def test_an_address_goes_out_as_it_was_given(url: str, sent: str) -> None:
    assert destination(url).url == sent


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://a b/", "makes no sense"),
        ("http://a:0/", "makes no sense"),
        ("http://a:70000/", "makes no sense"),
        ("http://[::1/", "makes no sense"),
        ("http://\u2048.example/", "makes no sense"),
        ("ftp://a/b", "no web page"),
        ("http:///b", "no web page"),
        ("nothing", "no web page"),
    ],
)
def test_what_leads_nowhere_is_told(url: str, words: str) -> None:
    with pytest.raises(DownloadError, match=words):
        destination(url)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g?", "http://a/g?"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d?y"),
        ("#s", "http://a/b/c/d?q"),
        ("", "http://a/b/c/d?q"),
        ("g?y/./x", "http://a/b/c/g?y/./x"),
        (".", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../../../g", "http://a/g"),
        ("x//y", "http://a/b/c/x//y"),
        ("https://u@g/%7e//.", "https://u@g/%7e//."),
    ],
)
def test_a_location_is_resolved_as_the_standard_says(location: str, url: str) -> None:
    assert resolved("http://a/b/c/d?q", location).partition("#")[0] == url


def test_what_is_secret_may_go_to_the_same_port_and_to_its_secure_one() -> None:
    first = destination("http://a/")
    assert [destination(url).is_at(first) for url in ("http://a:80/x", "https://a/", "http://A/")] == [True] * 3
    others = ("http://a:81/", "https://a:444/", "http://b/", "http://www.a/")
    assert [destination(url).is_at(first) for url in others] == [False] * 4
    assert not first.is_at(destination("https://a/"))


def test_a_name_and_a_password_come_from_the_address_or_a_netrc_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def told(url: str, login: str = "") -> str:
        said = authorization(destination(url), login)
        return base64.b64decode(said.removeprefix("Basic ")).decode() if said else ""

    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert told("http://a/") == ""
    assert told("http://m%C3%A9:p%40@a/", "x:y") == "mé:p@"
    assert told("http://a/", "x:y") == "x:y"
    (tmp_path / "netrc").write_text("machine a login me password pw\n")
    assert [told("http://a/"), told("http://b/"), told("http://127.0.0.1/")] == ["me:pw", "", ""]
    (tmp_path / "netrc").write_text("nonsense")
    assert told("http://a/") == ""


def test_people_are_shown_no_secrets_of_an_address() -> None:
    assert shown("http://me:pw@a/b?sig=1#c") == "http://***@a/b?***#c"
    assert len(shown("http://a/" + "b" * 200)) == 80
