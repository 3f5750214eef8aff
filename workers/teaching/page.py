"""What a learner has done, as a page for a teacher: one HTML file that needs no network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ..exports.page import END, begin, paragraphs, section
from ..utils.atomic_file import part_file
from ..utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def write_page(path: Path, title: str, results: Sequence[Mapping[str, Any]]) -> None:
    """Write it.

    Args:
        path: of the file.
        title: of the course.
        results: of its lessons, as `Result.data` says.

    Raises:
        OSError: it cannot be written.
    """
    with part_file(path) as file:
        for piece in pieces(title, results):
            file.write(piece.encode(errors="replace"))


def pieces(title: str, results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The page, part by part."""
    answered = [result for result in results if result["answer"] is not None]
    right = sum(result["answer"] == result["right"] for result in answered)
    about = f"{plural(len(results), 'lesson')} done; {right:,} of {plural(len(answered), 'question')} answered right"
    yield begin(title, title, about)
    for result in results:
        yield section(result["title"], _lesson(result), result["question"])
    yield END


def _lesson(result: Mapping[str, Any]) -> str:
    is_right = result["answer"] == result["right"]
    said = result["answer"] or "nothing: it was not asked"
    texts = [f"Answered: {said}{' (right)' if is_right else ''}"]
    texts += [] if is_right else [f"Right is: {result['right']}"]
    claims = "".join(
        f"<li>{'✓' if claim['holds'] else '✗'} {escape(claim['text'])}</li>" for claim in result["claims"]
    )
    found = f"<ul>{claims}</ul>" if claims else paragraphs([result["why_not_judged"]])
    return paragraphs(texts) + found + paragraphs([f"To take home: {result['take_home']}"])
