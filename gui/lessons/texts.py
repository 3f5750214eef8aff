"""What a lesson says, as HTML and in words. Without widgets."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from gui.widgets.fields import inline
from workers.reports.labs import claims as labs
from workers.reports.verdict import outcome_words, window_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.theme.theme import Theme
    from workers.catalog.lessons import Lesson
    from workers.engine.run import Run

NOT_SO = "What has ✗ was not so in these runs. Run it again: on a busy machine a run may go another way."


def first_sentence(lesson: Lesson) -> str:
    """What the list says of a lesson."""
    return re.split(r"(?<=[.!?])\s", lesson.paragraphs[0], maxsplit=1)[0]


def text_of(lesson: Lesson) -> str:
    """What there is to read before the run, as HTML."""
    return "".join(f"<p style='margin:0 0 8px'>{inline(one)}</p>" for one in lesson.paragraphs)


def fits(lesson: Lesson, data: Mapping[str, Any]) -> bool:
    """Whether a result is of the lesson as it is now: it may have been rewritten since."""
    return (data["question"], data["answers"]) == (lesson.question, list(lesson.answers))


def word_of(data: Mapping[str, Any]) -> tuple[str, str]:
    """How it was answered, in a word, and in which colour of the theme."""
    if data["answer"] is None:
        return "✓ done", "muted"
    return ("✓ right", "good") if data["answer"] == data["right"] else ("✗ wrong", "bad")


def verdict(theme: Theme, data: Mapping[str, Any]) -> str:
    """What was said against what it was."""
    was = "It was" if data["judged"] else "The answer is"
    right = f"{was}: <b>{html.escape(data['right'])}</b>"
    if data["answer"] is None:
        return f"You did not say. {right}"
    said = f"You said: <b>{html.escape(data['answer'])}</b>"
    is_right = data["answer"] == data["right"]
    color, word = (theme.color("good"), "✓ Right.") if is_right else (theme.color("bad"), "✗ Wrong.")
    return f"<b style='color:{color.name()}'>{word}</b> {said}{'' if is_right else f'. {right}'}"


def why(lesson: Lesson, data: Mapping[str, Any]) -> str:
    """Why the right answer is right, and what there is to be said to the one that was given."""
    parts = [lesson.why[lesson.right]]
    if data["answer"] not in (None, data["right"]):
        given = lesson.answers.index(data["answer"])
        about = ((given, "Why not"), (lesson.right, "Why"))
        parts = [f"{word} “{lesson.answers[at]}”? {lesson.why[at]}" for at, word in about]
    return "".join(f"<p style='margin:0 0 6px'>{inline(part)}</p>" for part in parts)


def claims(theme: Theme, data: Mapping[str, Any]) -> str:
    """What the runs show, or why nothing is said of them."""
    if not data["judged"]:
        return f"<b style='color:{theme.color('warn').name()}'>{inline(data['why_not_judged'])}</b>"
    rows = []
    for claim in data["claims"]:
        color, word = ("good", "✓ Yes") if claim["holds"] else ("bad", "✗ No")
        mark = f"<b style='color:{theme.color(color).name()}'>{word}</b>"
        cell, text = "<td style='padding-bottom:5px; padding-right:10px'>", inline(claim["text"])
        rows.append(f"<tr>{cell}{mark}</td>{cell}{text}</td></tr>")
    note = "" if all(claim["holds"] for claim in data["claims"]) else f"<p>{NOT_SO}</p>"
    return f"<table cellspacing='0' cellpadding='0'>{''.join(rows)}</table>{note}"


def told_of_try(run: Run) -> str:
    """What came of a try: what its lab says of it, how it ended, and what the window did."""
    window = window_words(run)
    return " ".join([*labs.said(run), f"{outcome_words(run)}{f'; {window}' if window else ''}."])
