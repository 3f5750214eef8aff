"""What a learner has done, as a page for a teacher: one HTML file that needs no network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ..exports.page import END, begin, paragraphs, section
from ..utils.atomic_file import part_file
from ..utils.formatting import plural, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def write_page(path: Path, title: str, results: Sequence[Mapping[str, Any]]) -> None:
    """Write it.

    Args:
        path: of the file.
        title: of the course.
        results: of its lessons, as `Result.data` says; one that was kept says "when", too.

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
    judged = [result for result in results if result["judged"]]
    held = sum(result["holds"] for result in judged)
    figures = (
        ("lessons done", f"{len(results):,}"),
        ("answered right", f"{right:,} of {len(answered):,}" if answered else "–"),
        ("came out as claimed", f"{held:,} of {len(judged):,}"),
    )
    told = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in figures)
    yield begin(title, title, "What was answered before each run, and what the runs then showed.")
    yield f'<section><dl class="figures">{told}</dl></section>\n'
    for result in results:
        about = " · ".join(filter(None, [_word(result), result.get("when", "")]))
        yield section(result["title"], _lesson(result), about)
    yield END


def _word(result: Mapping[str, Any]) -> str:
    if result["answer"] is None:
        return "Not answered"
    return "Answered right" if result["answer"] == result["right"] else "Answered wrong"


def _lesson(result: Mapping[str, Any]) -> str:
    answers = "".join(_answer(result, answer) for answer in result["answers"])
    claims = "".join(
        _line("good", "✓ yes", claim["text"]) if claim["holds"] else _line("bad", "✗ no", claim["text"])
        for claim in result["claims"]
    )
    found = f'<ul class="told">{claims}</ul>' if claims else paragraphs([result["why_not_judged"]])
    ran = " · ".join(
        f"{step['says']}: {'not run' if step['seconds'] is None else seconds(step['seconds'])}"
        for step in result["steps"]
    )
    return (
        f'<p><b>{escape(result["question"])}</b></p><ul class="told">{answers}</ul>'
        f'<h3>What {plural(len(result["steps"]), "run")} showed</h3><p class="muted">{escape(ran)}</p>{found}'
        f'<p class="home"><b>To take home:</b> {escape(result["take_home"])}</p>'
    )


def _answer(result: Mapping[str, Any], answer: str) -> str:
    is_right, is_given = answer == result["right"], answer == result["answer"]
    words = " ".join(["✓ right"] * is_right + ["✗ wrong"] * (is_given and not is_right))
    said = f"{answer} (the answer given)" if is_given else answer
    return _line("good" if is_right else "bad" if is_given else "muted", words, said)


def _line(look: str, word: str, text: str) -> str:
    return f'<li><b class="{look}">{word}</b><span>{escape(text)}</span></li>'
