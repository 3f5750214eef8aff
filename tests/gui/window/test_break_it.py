"""A deadlock in the window: it is named at once, stands still while a person looks at it, and ends by Break it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.whole_app import PATIENCE_MS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.support.whole_app import Stage

DEADLOCK = ("--workload", "transfer.crossed", "--runner", "thread_per_task")


def test_a_deadlock_stands_still_until_a_person_breaks_it(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(DEADLOCK) as app:
        page = app.window.pages.tasks
        app.window.pages.show_page(page)
        app.window.set_blocking(False)
        stage.click(app.window.controls.start_button)
        panel = page.waits
        qtbot.waitUntil(lambda: panel.sentence.text().startswith("Deadlock: "), timeout=PATIENCE_MS)
        run = app.core.session.run
        assert run is not None
        assert run.recorder.finals == 0, "it is named, and has not ended"
        stage.click(panel.break_button)
        stage.wait_for_runs(app, 1)
        (error,) = run.recorder.errors.values()
        assert error.rstrip().endswith("was ended by hand")
        assert len(run.recorder.sharing.deadlocks) == 1
