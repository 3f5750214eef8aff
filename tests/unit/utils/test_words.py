"""A command line's words go through their text and back, here and as on Windows."""

from __future__ import annotations

import sys

import pytest

from workers.utils.words import join_words, split_words


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_what_is_joined_is_split_again(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    these = ["--file", r"C:\Users\a b\new.py", "", "it's", 'a "word"', "plain"]
    assert split_words(join_words(these)) == these


def test_a_path_of_windows_keeps_its_backslashes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert split_words(r'C:\new\t.py --in "D:\two words" #1') == [
        r"C:\new\t.py",
        "--in",
        r"D:\two words",
        "#1",
    ]
    assert join_words([r"C:\new\t.py", r"D:\two words"]) == r'C:\new\t.py "D:\two words"'


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_quote_without_its_pair_is_an_error(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(ValueError, match="No closing quotation"):
        split_words('"half')
