"""The page of what a learner has done says what was answered, what was right, and what the runs showed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from workers.teaching.page import write_page

if TYPE_CHECKING:
    from pathlib import Path


def result(title: str, answer: str | None, **more: Any) -> dict[str, Any]:
    return {
        **{"lesson": title, "title": title, "question": "What does it say?", "answers": ["200", "<b>50</b>"]},
        **{"right": "<b>50</b>", "answer": answer, "judged": True, "why_not_judged": "", "holds": True},
        **{"claims": [{"text": "150 are lost.", "holds": True}], "take_home": "Take a lock."},
        **{"steps": [{"says": "Without", "seconds": 0.5}, {"says": "Elsewhere", "seconds": None}], **more},
    }


def test_it_says_all_that_was_done(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    claims = [{"text": "None is lost.", "holds": False}]
    results = [
        result("First", "<b>50</b>", when="30 November 2026, 11:02"),
        result("Second", "200", claims=claims, holds=False),
        result(
            "Third", None, claims=[], judged=False, why_not_judged="Not judged: too few cores.", holds=False
        ),
    ]
    write_page(path, "An hour & more", results)
    page = path.read_text(encoding="utf-8")
    body = ElementTree.fromstring("<r>" + page[page.index("<header>") : page.index("</body>")] + "</r>")
    text = [" ".join(" ".join(part.itertext()).split()) for part in body.iter("section")]
    assert text[0].startswith("lessons done 3 answered right 1 of 2 came out as claimed 1 of 2")
    assert "Answered right · 30 November 2026, 11:02" in text[1]
    assert "✓ right <b>50</b> (the answer given)" in text[1]
    assert "Without: 500 ms · Elsewhere: not run" in text[1]
    assert "✓ yes 150 are lost." in text[1]
    assert "Answered wrong" in text[2]
    assert "✗ wrong 200 (the answer given) ✓ right <b>50</b>" in text[2]
    assert "✗ no None is lost." in text[2]
    assert "Not answered" in text[3]
    assert "Not judged: too few cores." in text[3]
    assert "An hour &amp; more" in page


def test_where_nothing_was_answered_nothing_is_counted(tmp_path: Path) -> None:
    write_page(tmp_path / "page.html", "An hour", [result("First", None)])
    assert "<dt>answered right</dt><dd>–</dd>" in (tmp_path / "page.html").read_text(encoding="utf-8")
