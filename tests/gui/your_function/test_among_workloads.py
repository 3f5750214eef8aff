"""A person's own function among the workloads: the side panel's menu and form, the benchmark's list, the example."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from gui.benchmark.choice import BenchmarkChoice
from gui.controllers.catalog import Catalog
from gui.forms.form import Form
from gui.side_panel.panel import Controls
from gui.widgets.fields import MAX_INT, FloatBox, IntBox, Menu, NumberLine
from gui.your_function.choice import EXAMPLE
from tests.support.steps import finish
from workers.catalog import lookup, user_functions, user_names
from workers.catalog.fields import Field
from workers.engine.plan import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

SOURCE = '''
def resize(width: int = 3, name: str = "x"):
    """Make it smaller."""
'''


@pytest.fixture
def catalog() -> Catalog:
    return Catalog()


@pytest.fixture
def controls(qtbot: QtBot, theme: Theme, catalog: Catalog) -> Controls:
    made = Controls(theme, catalog)
    qtbot.addWidget(made)
    return made


def entry(folder: Path, source: str = SOURCE, function: str = "resize") -> Entry:
    path = folder / "pictures.py"
    path.write_text(source, encoding="utf-8")
    return user_functions.entry(user_names.name_of(path, function))


# ---------------------------------------------------------------- the side panel


def test_an_own_function_is_a_workload_like_any_other(
    controls: Controls, catalog: Catalog, tmp_path: Path
) -> None:
    own_entry = entry(tmp_path)
    added: list[Entry] = []
    catalog.added.connect(added.append)
    controls.choose_workload(own_entry)
    assert added == [own_entry]
    assert controls.workload == own_entry.name
    assert controls.workload_menu.currentText() == "resize (pictures.py)"
    assert controls.settings(False).params == (("width", 3), ("name", "x"))
    assert controls.tasks.value() == own_entry.constants["TASKS"]
    assert controls.start_button.isEnabled()
    controls.workload_menu.choose("primes")
    controls.apply(Settings.named("qthread", own_entry.name, 5, 2, (("width", -8), ("name", "y"))))
    assert controls.settings(False) == Settings.named(
        "qthread", own_entry.name, 5, 2, (("width", -8), ("name", "y"))
    )
    controls.choose_workload(own_entry)  # the same again is no news
    assert added == [own_entry]


def test_a_function_whose_modules_clash_with_ours_is_run_in_processes_by_a_click(
    controls: Controls, tmp_path: Path
) -> None:
    (tmp_path / "gui.py").write_text("")
    controls.choose_workload(entry(tmp_path, f"import gui\n{SOURCE}"))
    place = controls.place
    assert place.obstacle.text() == (
        "✕ resize cannot run on ThreadPoolExecutor, in the process of this program: its module gui would be a part of "
        "Thaw there."
    )
    assert not controls.start_button.isEnabled()
    wanted: list[Settings] = []
    controls.run_requested.connect(wanted.append)
    assert not place.other.isHidden()
    place.other.click()
    assert [settings.runner for settings in wanted] == ["process_pool"]
    assert controls.runner == "process_pool", "it stands in the form, too"
    assert place.other.isHidden()
    assert place.obstacle.text() == ""
    controls.workload_menu.choose("primes")
    place.menu.choose("thread_pool")
    assert place.other.isHidden(), "all other work runs there"


def test_a_function_that_changed_keeps_what_was_filled_in_where_it_fits(
    controls: Controls, catalog: Catalog, tmp_path: Path
) -> None:
    controls.choose_workload(entry(tmp_path))
    controls.form.set_values({"width": 9, "name": "mine"})
    changes: list[tuple[Any, ...]] = []
    controls.choice_changed.connect(lambda: changes.append(controls.settings(False).params))
    catalog.add(entry(tmp_path, SOURCE.replace("width: int = 3", "width: int = 4, high: bool = True")))
    assert changes[-1] == (("width", 4), ("high", True), ("name", "mine"))
    catalog.add(entry(tmp_path, "def resize():\n    pass\n"))
    assert controls.settings(False).params == ()


def test_one_that_is_withdrawn_leaves_the_menu(controls: Controls, catalog: Catalog, tmp_path: Path) -> None:
    own_entry = entry(tmp_path)
    controls.choose_workload(own_entry)
    gone: list[str] = []
    catalog.removed.connect(gone.append)
    catalog.remove(own_entry.name)
    assert gone == [own_entry.name]
    assert controls.workload in lookup.workloads()
    assert controls.workload_menu.findData(own_entry.name) == -1
    catalog.remove(own_entry.name)
    catalog.remove("primes")  # Thaw's own stay
    assert controls.workload_menu.findData("primes") >= 0
    controls.choose_workload(own_entry)
    assert controls.workload == own_entry.name


def test_the_only_workload_there_is_may_be_withdrawn(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    catalog = Catalog(workloads={})
    controls = Controls(theme, catalog)
    qtbot.addWidget(controls)
    own_entry = entry(tmp_path)
    controls.choose_workload(own_entry)
    assert controls.workload == own_entry.name
    catalog.remove(own_entry.name)
    assert controls.workload == ""
    assert not controls.start_button.isEnabled()


def test_a_place_that_cannot_take_it_is_told_at_once_also_after_a_change(
    controls: Controls, catalog: Catalog, tmp_path: Path
) -> None:
    controls.runner_menu.choose("thread_pool")
    controls.choose_workload(entry(tmp_path))
    assert controls.fit.why_not == ""
    catalog.add(entry(tmp_path, f"NEEDS_GUI_THREAD = True\n{SOURCE}"))
    assert "GUI thread" in controls.fit.why_not
    assert not controls.start_button.isEnabled()


def test_the_benchmark_lists_it(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    catalog = Catalog()
    form = BenchmarkChoice(theme, catalog)
    qtbot.addWidget(form)
    own_entry = entry(tmp_path)
    count = form.workloads.count()
    for _ in range(2):
        catalog.add(own_entry)
    assert form.workloads.count() == count + 1
    item = form.workloads.item(count)
    assert (item.text(), item.checkState()) == (own_entry.title, Qt.CheckState.Unchecked)
    item.setCheckState(Qt.CheckState.Checked)
    assert own_entry.name in form.choice().workloads
    for _ in range(2):
        catalog.remove(own_entry.name)
    assert form.workloads.count() == count


# ---------------------------------------------------------------- its form


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(
        (
            Field("width", "int", None, "needed"),
            Field("ratio", "float", None, "may be empty", optional=True),
            Field("loud", "bool", None, "may be left", optional=True),
            Field("quiet", "bool", None, "must be said"),
            Field("name", "str", None, "needed"),
            Field("large", "int", 10**12, ""),
            Field("tiny", "float", 1e-9, ""),
            Field("shift", "int", -3, ""),
            Field("change", "float", -0.5, ""),
            Field("few", "int", 3, "(1 to 9)", 1, 9),
        ),
        below_zero=True,
    )
    qtbot.addWidget(made)
    return made


def test_numbers_may_be_empty_negative_large_and_tiny(form: Form) -> None:
    assert form.values() == {
        **{"width": "", "ratio": "", "loud": "", "quiet": False, "name": ""},
        **{"large": 10**12, "tiny": 1e-9, "shift": -3, "change": -0.5, "few": 3},
    }
    kinds = [type(form.editors[name]) for name in ("width", "loud", "quiet", "shift", "change")]
    assert kinds == [NumberLine, Menu, QCheckBox, IntBox, FloatBox]
    told = []
    form.changed.connect(lambda: told.append(form.values()))
    wanted = {
        **{"width": 4, "ratio": 0.25, "loud": False, "quiet": True, "name": "x"},
        **{"large": -(10**15), "tiny": 2e-12, "shift": -MAX_INT, "change": -2.5, "few": 9},
    }
    form.set_values(wanted)
    assert told == [wanted]
    form.set_values({"width": "", "few": "", "loud": None, "shift": "nonsense"})
    assert (form.values()["width"], form.values()["few"], form.values()["loud"]) == ("", 9, "")


def test_an_empty_field_says_what_that_means(form: Form) -> None:
    texts = {name: form.editors[name].placeholderText() for name in ("width", "ratio", "name")}  # type: ignore[union-attr]
    assert texts == {"width": "needed", "ratio": "as written", "name": "needed"}


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), ("-3", -3), ("-", ""), ("4x", 4), ("", ""), ("9" * 30, int("9" * 30))]
)
def test_what_is_typed_is_a_number_or_nothing(qtbot: QtBot, typed: str, value: int | str) -> None:
    line = NumberLine(whole=True)
    qtbot.addWidget(line)
    QTest.keyClicks(line, typed)
    assert line.value() == value


@pytest.mark.parametrize(
    ("typed", "value"), [("1.5e3", 1500.0), ("1e999", ""), (".", ""), ("2", 2.0), ("1e-3", 0.001)]
)
def test_a_real_number_too(qtbot: QtBot, typed: str, value: float | str) -> None:
    line = NumberLine(whole=False)
    qtbot.addWidget(line)
    QTest.keyClicks(line, typed)
    assert line.value() == value


def test_a_number_out_of_its_range_is_brought_back_into_it(qtbot: QtBot) -> None:
    line = NumberLine(True, None, 1, 10)
    qtbot.addWidget(line)
    for typed, value in (("77", 10), ("-5", 1), ("7", 7)):
        line.clear()
        QTest.keyClicks(line, typed)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert line.value() == value


def test_thaw_s_own_numbers_are_not_negative(qtbot: QtBot) -> None:
    form = Form((Field("count", "int", 3, ""), Field("wait_s", "float", 3.0, "")))
    qtbot.addWidget(form)
    form.set_values({"count": -5, "wait_s": -5.0})
    assert form.values() == {"count": 0, "wait_s": 0.0}


# ---------------------------------------------------------------- the example


def test_the_example_does_what_it_says() -> None:
    spec = importlib.util.spec_from_file_location("example_function", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    assert example.count_primes(100) == 25
    assert example.count_primes(10) == 4
    amounts, word = finish(example.longest_words(words=1000, letters=4))
    assert sum(amounts) == 1000
    assert len(word) == 6
    assert word.isalpha()


def test_every_function_of_the_example_can_be_run_and_has_a_form() -> None:
    entries = [
        user_functions.entry(user_names.name_of(EXAMPLE, name)) for name in user_functions.functions(EXAMPLE)
    ]
    assert [entry.own.kind for entry in entries if entry.own is not None] == ["plain", "generator"]
    for each in entries:
        assert each.missing == ""
        assert each.summary
        assert all(field.default is not None and field.help and field.high for field in each.fields)
