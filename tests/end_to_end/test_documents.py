"""Every command line that README and docs show does what is written beside it: some in the suite, all with --long.

And what README and docs say of other files is so.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.servers import PictureServer
from tests.support import environments
from tests.support.lesson_files import example_lesson
from tests.support.program import ROOT, Program
from workers.command_line.declaration import parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet

DOCS = ROOT / "docs"
DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
LINE = re.compile(r"^(?: {4})?(?:scripts/run|python main\.py|thaw) (-.*)$", re.MULTILINE)
LAB = r"--workload \w+\.\w+( |$)"
"""It says how many tasks it needs to show what it shows."""

SEEN_ELSEWHERE = ("--compare", "counter.broken", "results.html", "--exit-zero", "retry_failed")
"""In the suite other tests of this folder look at these more closely than a line can."""

CODE = re.compile(r"# exit code (\d+)$")
PATIENCE_S = 60.0
PICTURES = 3

OWN = "def {}(size: int = 10) -> int:\n    return sum(range(size))\n"
"""What stands in for a person's function."""

WATCHED = "import asyncio\nasyncio.run(asyncio.sleep(0.2))\n"
"""What stands in for a person's program."""


def _lines() -> Iterator[ParameterSet]:
    for document in DOCUMENTS:
        for line in LINE.findall(document.read_text("utf-8")):
            if "HOST" in line:  # test_cluster_lines starts these first
                continue
            usual = document.name == "command-line.md" or "urls=" in line
            usual = usual and not any(word in line for word in SEEN_ELSEWHERE)
            yield pytest.param(document.name, line, marks=[] if usual else [pytest.mark.long])


def shortened(line: str) -> list[str]:
    """The line's arguments: as little work as it can have, on any machine, and an end where a person would close it."""
    if "desktop-entry" in line:
        return shlex.split(line, comments=True)
    whole = re.sub(r"--tasks [1-9]\d*", "--tasks 2", re.sub(r"(lag_p9\d)<\d+,", r"\1<5000,", line))
    words = shlex.split(whole, comments=True)
    if "stormy" in words:
        words += ["--param", "stall_s=0.5"]  # nobody has to wait until a storm's stalls are given up
    if "--watch" in words:
        return words if "--headless" in words else ["--offscreen", *words]
    if "--benchmark" in words:
        words += ["--tasks", "2"] if "--tasks" not in words else []
        words += ["--repeat", "1"]
        words += ["--runners", "thread_pool"] if "--runners" not in words else []
        words += ["--workloads", "sleep"] if "--workload" not in whole else []
    elif "--tasks" not in words and not re.search(
        rf"urls=|queue=|folder=|--open|--list|--lesson|--course|{LAB}", whole
    ):
        words += ["--tasks", "2"]
    if not {"--headless", "--offscreen", "--list"}.intersection(words):
        words += ["--exit-after-run"]
    return words


@pytest.fixture
def workplace(tmp_path: Path, environment: dict[str, str]) -> Iterator[Path]:
    """A folder with all that the lines name."""
    folder = tmp_path / "workplace"
    folder.mkdir()
    for file, function in (("my_file.py", "my_function"), ("pictures.py", "resize"), ("counter.py", "fixed")):
        (folder / file).write_text(OWN.format(function))
    environments.environment(folder / "my_project" / ".venv")
    (folder / "my_app.py").write_text(WATCHED)
    (folder / "bank.py").write_text(example_lesson())
    shutil.copytree(DOCS, folder / "docs", ignore=shutil.ignore_patterns("*.png", "*.md"))
    (folder / "fails.py").write_text("def fails(size: int = 10) -> int:\n    raise ValueError(size)\n")
    for package, module in (("package", "__main__.py"), ("package", "module.py"), ("path/to", "module.py")):
        (folder / package).mkdir(parents=True, exist_ok=True)
        (folder / package / module).write_text(OWN.format("function"))
    with PictureServer() as server:
        for name in ("my_urls.txt", "list.txt"):
            Path(server.list_in(folder, PICTURES)).rename(folder / name)
        own = Path(environment["HOME"]) / "Pictures"
        own.mkdir()
        (own / "a.txt").write_text("a picture")
        yield folder


@pytest.mark.parametrize(("document", "line"), list(_lines()))
def test_a_line_does_what_is_written_beside_it(
    document: str, line: str, workplace: Path, environment: dict[str, str]
) -> None:
    if opened := re.search(r"--open (run|before)\.thaw", line):
        made = ["--offscreen", "--workload", "sleep", "--tasks", "2", "--save", "run.thaw"]
        if opened[1] == "before":
            made = ["--headless", "--save", "before.thaw", "--watch", "my_app.py"]
        with Program(made, environment, cwd=workplace) as program:
            assert program.wait(PATIENCE_S).code == 0
    code = CODE.search(line)
    surroundings = {**environment, "QT_QPA_PLATFORM": "offscreen"}
    with Program(shortened(line), surroundings, cwd=workplace) as program:
        ended = program.wait(PATIENCE_S)
    assert ended.code == (int(code[1]) if code is not None else 0), ended
    assert "Traceback" not in ended.err
    if "urls=" in line:
        assert len(list((workplace / "pictures").iterdir())) == PICTURES
    for word in shlex.split(line, comments=True):
        if word.endswith((".html", ".csv", ".json", ".png", "run.thaw")):
            assert (workplace / word).stat().st_size


def anchors(document: Path) -> set[str]:
    """What a link can name in a document: its headings, as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-").lower() for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
        if target.startswith("http"):
            continue
        name, _, anchor = target.partition("#")
        file = document.parent / name if name else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_the_document_of_installing_has_every_extra_and_every_library() -> None:
    text = (DOCS / "install.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = {
        extra: [re.split("[>=<]", one)[0] for one in needs]
        for extra, needs in project["optional-dependencies"].items()
    }
    for_pip = dict.fromkeys(packages, "")
    for line in re.findall(r"-m pip install (.*)$", text, re.MULTILINE):
        names, _, extra = line.partition("# ")
        for_pip[extra] = names
    assert {extra: sorted(names.split()) for extra, names in for_pip.items()} == {
        extra: sorted(names) for extra, names in packages.items()
    }
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(packages)
    setup = (ROOT / "scripts" / "setup").read_text("utf-8")
    wanted = re.findall(r"^lib\S+\.so\.\d+ +(\S+?)'?$", setup, re.MULTILINE)
    assert len(wanted) > 10
    told = " ".join(re.findall(r"^sudo apt-get install .*$", text, re.MULTILINE)).split()
    assert [name for name in [*wanted, "fonts-dejavu-core"] if name not in told] == []


def test_the_document_of_the_command_line_has_every_option() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    told = set(re.findall(r"--[a-z][a-z-]*", text))
    options = {option for action in parser()._actions for option in action.option_strings if option[:2] == "--"}
    assert told == options - {"--weather"}
