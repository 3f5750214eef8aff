"""The command line: what its words mean, and a useful sentence for what cannot be done."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.support.system_words import NO_FILE
from workers.command_line.declaration import INSTRUMENTS, Told
from workers.command_line.parser import Options, listing, parse
from workers.engine.plan import DEFAULT_RUNNER, DEFAULT_WORKERS, Settings
from workers.exports import kinds
from workers.reports.budget import Condition
from workers.reports.summary import VERSION
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

FIRST = '''"""The first one."""
TITLE = "First"
ORDER = 1
TASKS = 12


def first(index: int, *, size: int = 5, fast: bool = False, urls: str = ""):
    """Do.

    Args:
        size: how large (1 to 100).
        fast: whether in a hurry.
        urls: addresses.
    """
'''


ELSEWHERE = f'''TITLE = "Elsewhere"
ORDER = 3
REFUSES = "{__name__}:no_urls"

class ElsewhereRunner:
    def __init__(self, *, place: str = "", depth: int = 1) -> None:
        """Choose.

        Args:
            place: where that is.
            depth: how deep (1 to 3).
        """
'''


def no_urls(workload: str, params: Mapping[str, Any]) -> str:
    return "It has no network there." if params.get("urls") else ""


@pytest.fixture(autouse=True)
def catalogue(write_catalogue: Callable[[dict[str, str]], Path]) -> Path:
    """Some runners and workloads, one of each not available."""
    files = {
        "runners/gui_thread": 'TITLE = "GUI thread"\nORDER = 0\n',
        "runners/thread_pool": 'TITLE = "Pool"\nORDER = 1\n',
        "runners/elsewhere": ELSEWHERE,
        "runners/net": 'TITLE = "Net"\nORDER = 4\nONLY = ("second",)\nWHY_ONLY = "It waits for a network only."\n',
        "runners/lacking": 'TITLE = "Lacking"\nORDER = 2\nREQUIRES = ("no_such_package",)\n',
        "workloads/first": FIRST,
        "workloads/second": '"""The second one."""\nTITLE = "Second"\nORDER = 2\n',
        "workloads/missing": 'TITLE = "Missing"\nORDER = 3\nREQUIRES = ("no_such_package",)\n',
    }
    return write_catalogue(files)


def refused(*arguments: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(arguments)
    return str(caught.value)


def test_nothing_said_means_the_defaults() -> None:
    options = parse([])
    assert options.settings == Settings.named(DEFAULT_RUNNER, "first", 12, DEFAULT_WORKERS)
    assert not any(options[1:]), "and nothing else is asked for"


def test_everything_said(tmp_path: Path) -> None:
    report, picture = tmp_path / "a.json", tmp_path / "a.png"
    options = parse(
        [
            *("--runner", "gui_thread", "--workload", "first", "--tasks", "7", "--workers", "3", "--seed", "9"),
            *("--param", "size=8", "--param", "fast=yes", "--param", "urls=a=b", "--start", "--exit-after-run"),
            *("--report", str(report), "--screenshot", str(picture), "--json"),
        ]
    )
    params = (("size", 8), ("fast", True), ("urls", "a=b"))
    assert options.settings[:6] == Settings.named("gui_thread", "first", 7, 3, params, 9)[:6]
    assert options == Options(
        options.settings,
        chosen=True,
        start=True,
        compare=False,
        exit_after_run=True,
        report=report,
        screenshot=picture,
        offscreen=False,
        headless=False,
        json=True,
        list=False,
    )
    assert not report.exists()


@pytest.mark.parametrize(
    ("arguments", "true"),
    [
        ("--blocking", {"chosen"}),
        ("--seed 1", {"chosen"}),
        ("--param size=5", {"chosen"}),
        ("--start", {"start"}),
        ("--compare", {"start", "compare"}),
        ("--offscreen", {"start", "exit_after_run", "offscreen"}),
        ("--headless", {"start", "exit_after_run", "headless"}),
        ("--headless --compare --json", {"start", "exit_after_run", "headless", "compare", "json"}),
        ("--exit-after-run", {"exit_after_run"}),
        ("--list", {"list"}),
    ],
)
def test_what_each_switch_brings(arguments: str, true: set[str]) -> None:
    options = parse(arguments.split())
    switches = options._asdict()
    assert {name for name in switches if switches[name] is True} == true


def test_blocking_is_the_runner_gui_thread() -> None:
    assert parse(["--blocking"]).settings == parse(["--runner", "gui_thread"]).settings


def test_a_runner_has_parameters_of_its_own() -> None:
    said = parse(["--runner", "elsewhere", "--param", "place=there", "--param", "size=7"])
    assert said.settings.params == (("place", "there"), ("size", 7))
    assert refused("--runner", "thread_pool", "--param", "place=there").startswith(
        "The workload first has no parameter"
    )


def test_a_parameter_has_its_old_name_as_well(catalogue: Path) -> None:
    (catalogue / "workloads" / "first.py").write_text(f'{FIRST}\nRENAMED = {{"amount": "size"}}\n')
    assert parse(["--param", "amount=5"]).settings.params == (("size", 5),)


def test_a_parameter_that_is_said_twice_is_the_last() -> None:
    assert parse(["--param", "size=5", "--param", "size=6"]).settings.params == (("size", 6),)


def test_of_two_that_take_a_value_the_workload_says_what_it_is(catalogue: Path) -> None:
    source = ELSEWHERE.replace('place: str = ""', "size: float = 1.0")
    (catalogue / "runners" / "elsewhere.py").write_text(source)
    (name, value), *_ = parse(["--runner", "elsewhere", "--param", "size=7"]).settings.params
    assert (name, type(value)) == ("size", int)


@pytest.mark.parametrize("kind", ["runner", "workload"])
def test_an_empty_name_is_not_one_that_was_not_said(kind: str) -> None:
    assert refused(f"--{kind}", "").startswith(f"There is no {kind} ''. There are: ")


def test_settings_can_be_written_as_json() -> None:
    json.dumps(parse(["--param", "size=5"]).settings.plain(), allow_nan=False)


def test_a_default_that_is_not_available_does_not_stand_in_the_way(catalogue: Path) -> None:
    (catalogue / "workloads" / "first.py").write_text(FIRST + 'REQUIRES = ("no_such_package",)\n')
    assert parse(["--list"]).settings.workload == "second"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            "--runner nobody",
            "There is no runner 'nobody'. There are: gui_thread, thread_pool, lacking, elsewhere, net.",
        ),
        ("--workload nothing", "There is no workload 'nothing'. There are: first, second, missing."),
        (
            "--runner lacking",
            "The runner lacking is not available: it needs the package no_such_package, which is not installed here.",
        ),
        (
            "--workload missing",
            "The workload missing is not available: it needs the package no_such_package, which is not installed here.",
        ),
        ("--tasks 0", "--tasks is a number from 1 to 1,000,000, not 0."),
        ("--tasks -3", "--tasks is a number from 1 to 1,000,000, not -3."),
        ("--tasks 1000001", "--tasks is a number from 1 to 1,000,000, not 1,000,001."),
        ("--workers 0", "--workers is a number from 1 to 256, not 0."),
        ("--workers 257", "--workers is a number from 1 to 256, not 257."),
        ("--seed 0", "--seed is a number from 1 to 2,147,483,647, not 0."),
        ("--param size", "--param takes KEY=VALUE: number 1 has no KEY= in front."),
        ("--param size=2 --param X-Key:a==", "--param takes KEY=VALUE: number 2 has no KEY= in front."),
        ("--param colour=red", "The workload first has no parameter 'colour'. It has: size, fast, urls."),
        ("--param index=1", "The workload first has no parameter 'index'. It has: size, fast, urls."),
        ("--workload second --param size=1", "The workload second has no parameter 'size'. It has none."),
        (
            "--runner elsewhere --param colour=red",
            "Neither the workload first nor the runner elsewhere has a parameter 'colour'. "
            "They have: size, fast, urls, place, depth.",
        ),
        ("--runner elsewhere --param depth=4", "depth is at most 3, not 4."),
        ("--runner net", "It waits for a network only."),
        ("--runner elsewhere --param urls=x", "It has no network there."),
        ("--param size=big", "size is a number like 5, not 'big'."),
        ("--param size=0", "size is at least 1, not 0."),
        ("--param size=101", "size is at most 100, not 101."),
        ("--param fast=maybe", "fast is yes or no, not 'maybe'."),
        (
            "--compare --blocking",
            "--compare runs the work on the GUI thread anyway: name another runner to compare it with.",
        ),
        (
            "--compare --runner gui_thread",
            "--compare runs the work on the GUI thread anyway: name another runner to compare it with.",
        ),
        ("--headless --offscreen", "--headless has no window and --offscreen has one: choose one of them."),
        (
            "--headless --screenshot x.png",
            "--headless has no window to take a picture of: use --offscreen with --screenshot.",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(arguments: str, sentence: str) -> None:
    assert refused(*arguments.split()) == sentence


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ("--tasks many", "invalid int value: 'many'"),
        ("--workers 1.5", "invalid int value: '1.5'"),
        ("--tasks", "expected one argument"),
        ("--no-such-switch", "There is no option --no-such-switch of the command line"),
        ("--work first", "There is no option --work of"),
        ("--work=first", "There is no option --work of"),
        ("--tasks 3 stray", "No option takes word 3 of the command line"),
        ("--blocking --runner thread_pool", "not allowed with"),
    ],
)
def test_what_means_nothing_points_to_the_help(arguments: str, part: str) -> None:
    said = refused(*arguments.split())
    assert part in said
    assert said.endswith(". See main.py --help.")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            "--budget failed=0",
            "--budget is judged when the program leaves: add --offscreen, --headless or --exit-after-run.",
        ),
        ("--headless --budget", "argument --budget: expected one argument. See main.py --help."),
        (
            "--headless --budget failed=0,lag_p95<50",
            "--headless has no window to measure lag_p95 of: use --offscreen with this --budget.",
        ),
        (
            "--headless --budget freezes=0",
            "--headless has no window to measure freezes of: use --offscreen with this --budget.",
        ),
        (
            "--offscreen --budget failed=no",
            "A budget compares failed with a plain number such as 50, not 'no'.",
        ),
        ("--save run.zip", "A run is saved to a file whose name ends in .thaw, not to run.zip."),
        (
            "--export run.doc",
            "The suffix of run.doc is no kind of export. There are: "
            f"{', '.join(f'{kind.suffix} ({kind.title[0].lower()}{kind.title[1:]})' for kind in kinds())}.",
        ),
        ("--open nowhere.thaw", "nowhere.thaw is not there: name the file of a run, which ends in .thaw."),
        ("--open . --headless", ". is a folder: name the file of a run, which ends in .thaw."),
        ("--open x.thaw --start", "--open shows a run that was made before: leave out --start and --compare."),
        (
            "--open x.thaw --compare",
            "--open shows a run that was made before: leave out --start and --compare.",
        ),
        (
            "--instruments timeline,radar",
            f"There is no instrument 'radar'. There are: {', '.join(INSTRUMENTS)}; or all, or none.",
        ),
        (
            "--instruments all,gil",
            f"There is no instrument 'all'. There are: {', '.join(INSTRUMENTS)}; or all, or none.",
        ),
        ("--log-level INFO", "--log-level is one of debug, info, warning, error, not 'INFO'."),
        ("--network foul", "There is no network profile 'foul'. There are: fair, busy, rough, stormy."),
        (
            "--headless --instruments gil",
            "--headless has no window to watch: use --offscreen with --instruments.",
        ),
    ],
)
def test_what_cannot_be_kept_is_told_in_a_sentence(arguments: str, sentence: str) -> None:
    assert refused(*arguments.split()) == sentence


def test_what_is_to_be_kept(tmp_path: Path) -> None:
    run, table, page = tmp_path / "a.thaw", tmp_path / "a.csv", tmp_path / "A.HTML"
    said = [
        "--offscreen",
        "--save",
        str(run),
        "--export",
        str(table),
        "--export",
        str(page),
        "--budget",
        "lag_max < 9",
    ]
    options = parse(said)
    assert (options.save, options.exports, options.budget) == (
        run,
        (table, page),
        (Condition("lag_max", "<", 9.0),),
    )
    assert options.open is None
    assert list(tmp_path.iterdir()) == [tmp_path / "catalogue"]


def test_a_file_that_is_opened_is_not_run(tmp_path: Path) -> None:
    file = tmp_path / "a.thaw"
    file.write_bytes(b"")
    for how in ("--headless", "--offscreen"):
        options = parse([how, "--open", str(file), "--budget", "lag_p95<50"])
        assert (options.open, options.start, options.exit_after_run) == (file, False, True)
    options = parse(["--open", str(file)])
    assert (options.open, options.start, options.exit_after_run) == (file, False, False)


def test_no_two_files_have_one_name(tmp_path: Path) -> None:
    name = str(tmp_path / "a.json")
    assert (
        refused("--report", name, "--export", name)
        == f"{name} is named twice: give each file a name of its own."
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("all", set(INSTRUMENTS)),
        ("none", set()),
        ("gil", {"gil"}),
        ("timeline, witness", {"timeline", "witness"}),
    ],
)
def test_instruments_are_chosen_by_name(said: str, meant: set[str]) -> None:
    assert parse(["--instruments", said]).instruments == frozenset(meant)
    assert parse([]).instruments is None


def test_the_log_is_asked_for_by_an_option_or_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THAW_LOG", raising=False)
    assert parse([]).log_level == ""
    monkeypatch.setenv("THAW_LOG", "info")
    assert parse([]).log_level == "info"
    assert parse(["--log-level", "error"]).log_level == "error"
    monkeypatch.setenv("THAW_LOG", "chatty")
    assert parse(["--log-level", "debug"]).log_level == "debug"
    with pytest.raises(BadInput, match=r"THAW_LOG is one of debug, info, warning, error, not 'chatty'\."):
        parse([])
    monkeypatch.setenv("THAW_LOG", "")
    assert parse([]).log_level == ""


def test_the_network_is_chosen_by_name() -> None:
    assert parse(["--headless", "--network", "stormy"]).network == "stormy"
    assert parse([]).network == ""


@pytest.mark.parametrize(("option", "suffix"), [("--save", ".thaw"), ("--export", ".html")])
def test_files_of_a_run_are_looked_at_before_it(option: str, suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"folder{suffix}").mkdir()
    assert "is a folder: name a file to write to." in refused(option, str(tmp_path / f"folder{suffix}"))
    said = refused(option, str(tmp_path / "nowhere" / f"file{suffix}"))
    end = rf"cannot be written \({NO_FILE}\): name a file in a folder that you can write to\.$"
    assert re.search(end, said)


@pytest.mark.parametrize("option", ["--report", "--screenshot"])
def test_a_path_that_cannot_be_written_is_told_before_the_run(option: str, tmp_path: Path) -> None:
    assert "is a folder: name a file to write to." in refused(option, str(tmp_path))
    said = refused(option, str(tmp_path / "nowhere" / "file"))
    end = rf"cannot be written \({NO_FILE}\): name a file in a folder that you can write to\.$"
    assert re.search(end, said)
    assert "is a folder" in refused(option, "")


@pytest.mark.parametrize(("option", "said"), [("--version", f"Thaw {VERSION}"), ("--help", "--exit-after-run")])
def test_help_and_version_are_told(option: str, said: str) -> None:
    with pytest.raises(Told) as caught:
        parse([option])
    assert said in str(caught.value)


def test_the_list_names_all_and_says_why_one_is_missing() -> None:
    lines = listing().splitlines()
    assert lines.index("Runners:") < lines.index("Workloads:")
    assert [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "] == [
        *("gui_thread", "thread_pool", "lacking", "elsewhere", "net", "first", "second", "missing")
    ]
    assert sum("not available: it needs the package no_such_package" in line for line in lines) == 2
    assert any("size=5: how large (1 to 100)." in line for line in lines)


def test_the_old_name_of_the_network_still_works_and_says_its_new_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert parse(["--headless", "--weather", "rough"]).network == "rough"
    assert capsys.readouterr().err == "--weather is called --network now.\n"
