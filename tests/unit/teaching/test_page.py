"""What a learner has done, as a page: every lesson with the answer that was given, the right one, and what was so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workers.teaching.page import pieces, write_page

if TYPE_CHECKING:
    from pathlib import Path


def result_of(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Lost <updates>",
        "question": "What & why?",
        "answer": "200",
        "right": "About 50",
        "claims": [{"text": "150 < 200", "holds": True}, {"text": "None is lost.", "holds": False}],
        "why_not_judged": "",
        "take_home": "A lock.",
        **changes,
    }


def page_of(*results: dict[str, Any]) -> str:
    return "".join(pieces("An hour & more", results))


def test_it_counts_what_was_answered_right() -> None:
    results = result_of(), result_of(answer="About 50"), result_of(answer=None)
    assert "3 lessons done; 1 of 2 questions answered right" in page_of(*results)
    assert "0 lessons done; 0 of 0 questions answered right" in page_of()


def test_it_has_all_that_came_of_a_lesson_and_only_text() -> None:
    page = page_of(result_of())
    for part in (
        "An hour &amp; more",
        "Lost &lt;updates&gt;",
        "What &amp; why?",
        "✓ 150 &lt; 200",
        "✗ None is lost.",
    ):
        assert part in page
    assert "Answered: 200<" in page
    assert "Right is: About 50" in page
    assert "To take home: A lock." in page


def test_a_right_answer_is_not_told_twice() -> None:
    page = page_of(result_of(answer="About 50"))
    assert "Answered: About 50 (right)" in page
    assert "Right is" not in page


def test_what_was_not_asked_or_not_judged_is_told_as_that() -> None:
    page = page_of(result_of(answer=None, claims=[], why_not_judged="Not judged: a run was cancelled."))
    assert "Answered: nothing: it was not asked" in page
    assert "Not judged: a run was cancelled." in page
    assert "<ul>" not in page


def test_it_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "results.html"
    write_page(path, "An hour & more", [result_of()])
    assert path.read_text("utf-8") == page_of(result_of())
    assert [one.name for one in tmp_path.iterdir()] == ["results.html"]
