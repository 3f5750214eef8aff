"""The words of a command line, as a person types them and as they are shown. A path of Windows has backslashes."""

from __future__ import annotations

import re
import shlex
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def split_words(line: str) -> list[str]:
    """The words of a line, in which quotes hold together what has spaces. Raises ValueError where one is not closed."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    if sys.platform == "win32":
        lexer.escape = ""
    return list(lexer)


def quote_word(word: str) -> str:
    """A word as it is typed: of which `split_words` makes it again."""
    if sys.platform != "win32":
        return shlex.quote(word)
    mark = "'" if '"' in word else '"'
    return f"{mark}{word}{mark}" if not word or re.search(r"[\s'\"&|<>^()%;]", word) else word


def join_words(words: Iterable[str]) -> str:
    """A line of these words."""
    return " ".join(map(quote_word, words))
