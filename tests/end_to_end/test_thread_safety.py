"""Whether a person's own function is thread-safe, as the program tells it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.program import run


def test_what_threads_spoil_is_told_and_measured_with_one_worker(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = Path(__file__).parents[1] / "fixtures" / "own" / "scheduler.py"
    ended = run(
        [
            *("--headless", "--benchmark", "--workload", f"{file}:run", "--tasks", "8", "--repeat", "1"),
            *("--runners", "thread_pool,process_pool", "--report", str(tmp_path / "b.json")),
        ],
        environment,
    )
    assert ended.code == 0, ended.err
    said = "It is not thread-safe: one worker, or processes. With 4 threads at once run(count=8, packets=40), call "
    assert " ".join(ended.out.split()).count(said) == 1
    report = json.loads((tmp_path / "b.json").read_text())
    assert said in report["advice"]["text"]
    assert report["thread_safety"]["verdict"] == "wrong"
    assert [(cell["runner"], cell["workers"], cell["problem"]) for cell in report["cells"]] == [
        *(("gui_thread", 1, ""), ("thread_pool", 1, ""), ("process_pool", 4, "")),
    ]
