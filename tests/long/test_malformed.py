"""Ten thousand malformed answers and two thousand malformed pictures: each ends soon, and no wrong file gets a name."""

from __future__ import annotations

import io
import logging
import re
import time
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.long.mutations import PICTURES, malformed_answer, malformed_picture
from tests.support.download_session import FOUR, ONCE, House
from tests.support.misbehaving_server import Connection, response
from workers.engine.task import Phase
from workers.utils.decoding.thumbnail import NoPicture, thumbnail
from workers.utils.decoding.whole_pictures import without_notes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

pytestmark = [
    pytest.mark.long,
    # An answer that urllib3 refuses by its headers is closed when nobody has it any more; what stays open is found.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]
ANSWERS, FILES = 10_000, 2_000
STALL_S, TOTAL_S = 0.4, 2.0
LATE_S = 3.0
"""Beyond its deadline a download may be so late: sixteen threads and the server's share one interpreter."""

SHOWN = 20


@pytest.fixture(params=["thread_pool"])
def house(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    # It tells its log of each malformed header, with a traceback; the program does not listen, but pytest would.
    monkeypatch.setattr(logging.getLogger("urllib3"), "level", logging.CRITICAL)
    made = House(request.param, tmp_path)
    yield made
    made.close()


class Malformed:
    """Answers each path by its number."""

    def __init__(self, of_pictures: bool) -> None:
        self._of_pictures = of_pictures

    def get(self, path: str, otherwise: object) -> object:
        """The server asks for what to answer a path with."""
        number = re.search(r"\d+", path)
        if number is None:
            return otherwise
        seed = int(number[0])
        if self._of_pictures:
            return response(malformed_picture(seed).data)
        made = malformed_answer(seed)
        if made.end == "keep":
            return made.data

        def answer(connection: Connection) -> None:
            connection.send(made.data)
            if made.end == "reset":
                connection.reset()
            elif made.end == "stall":
                connection.server.closing.wait(STALL_S * 3)

        return answer


def took_too_long(house: House, run: Run) -> list[tuple[int, float]]:
    """The tasks that ended later than their deadlines allow."""
    began: dict[int, float] = {}
    late = []
    for event in house.events:
        if event.phase is Phase.STARTED:
            began[event.number] = event.time
        elif event.phase.is_final and event.time - began[event.number] > TOTAL_S + LATE_S:
            late.append((event.number - run.recorder.first, event.time - began[event.number]))
    return late


def unclear(house: House, run: Run) -> dict[int, str]:
    """The errors that are no sentences for people."""
    found = {}
    for seed in run.recorder.errors:
        text = house.error(seed)
        if not text.endswith(".") or re.match(r"\w*(Error|Exception)\b", text):
            found[seed] = text
    return found


def decodes(data: bytes) -> bool:
    """Whether Pillow gets through the whole of the first picture, with its notes or without them."""
    for file in (io.BytesIO(data), without_notes(io.BytesIO(data))):
        with suppress(Exception), warnings.catch_warnings(action="ignore"):
            Image.open(file or io.BytesIO()).load()
            return True
    return False


def lacks_only_the_mark(data: bytes) -> bool:
    """Whether this is a GIF without the mark of its end, which viewers show whole."""
    return data + b";" in PICTURES


def run_all(house: House, count: int) -> Run:
    """Download from so many addresses, sixteen at once."""
    urls = [f"{house.server.url}/{seed}.x" for seed in range(count)]
    began = time.monotonic()
    workers = 4 if house.runner == "process_pool" else 16
    run = house.download(urls, workers, stall_s=STALL_S, total_s=TOTAL_S, **ONCE)
    assert house.until(lambda: run.ended is not None, 900), "the run did not end: a task hangs"
    print(f"{run.recorder.done} done, {run.recorder.failed} failed in {time.monotonic() - began:.0f} s")  # noqa: T201
    assert run.recorder.done + run.recorder.failed == count
    assert took_too_long(house, run) == []
    assert dict(list(unclear(house, run).items())[:SHOWN]) == {}, "by seeds"
    assert not run.control._closers
    return run


def saved(house: House, run: Run) -> dict[int, bytes]:
    """The files that were given their names, by the seeds of their addresses; there is no other file."""
    names = {}
    for one in house.events:
        if one.phase is Phase.DONE:
            names[one.number - run.recorder.first] = one.detail.name
    assert sorted(names.values()) == house.files, "a file that no task tells of, or a part of one"
    return {seed: (house.folder / name).read_bytes() for seed, name in names.items()}


def test_ten_thousand_malformed_answers(house: House) -> None:
    house.server.answers = Malformed(of_pictures=False)  # type: ignore[assignment]
    run = run_all(house, ANSWERS)
    found = saved(house, run)
    assert len(found) == run.recorder.done
    assert run.recorder.done > ANSWERS / 20, "so little arrives that not much is tested"
    wrong = []
    for seed, data in found.items():
        answer = malformed_answer(seed)
        # More than the picture is no harm: where a server gives no length, all that it sends is the file.
        if not (data.startswith(PICTURES) or (answer.changed and decodes(data))):
            wrong.append((seed, len(data), answer.what))
    assert wrong[:SHOWN] == [], "files that are not whole, by seeds"


def test_two_thousand_malformed_pictures_are_read_or_refused() -> None:
    wrong: list[tuple[int, str, str]] = []
    read = 0
    for seed in range(FILES):
        made = malformed_picture(seed)
        began = time.monotonic()
        try:
            found = thumbnail(io.BytesIO(made.data), "a")
        except NoPicture as error:
            if not str(error).endswith("."):
                wrong.append((seed, made.what, f"no sentence: {error}"))
        except BaseException as error:
            wrong.append((seed, made.what, f"raised {error!r}"))
        else:
            read += 1
            if len(found.picture.pixels) != found.picture.width * found.picture.height * 4:
                wrong.append((seed, made.what, "its thumbnail is not whole"))
            if made.cut and not lacks_only_the_mark(made.data):
                wrong.append(
                    (seed, made.what, f"{len(made.data)} bytes of a {found.format} were taken for the whole")
                )
        if time.monotonic() - began > 5:
            wrong.append((seed, made.what, "took over 5 s"))
    assert wrong[:SHOWN] == [], "by seeds"
    assert read > FILES / 20, "so little is read that not much is tested"


@pytest.mark.parametrize("house", FOUR, indirect=True)
def test_malformed_pictures_through_the_download(house: House) -> None:
    """Two thousand on threads; some hundreds elsewhere, one after the other on the GUI thread."""
    house.server.answers = Malformed(of_pictures=True)  # type: ignore[assignment]
    run = run_all(house, FILES if house.runner == "thread_pool" else 500)
    found = saved(house, run)
    assert len(found) == run.recorder.done
    wrong = []
    for seed, data in found.items():
        made = malformed_picture(seed)
        if data != made.data or (data not in PICTURES and made.cut and not lacks_only_the_mark(data)):
            wrong.append((seed, len(data), made.what))
        elif not decodes(data):
            wrong.append((seed, len(data), f"{made.what}: cannot be decoded as a whole"))
    assert wrong[:SHOWN] == [], "files that are not whole, by seeds"
