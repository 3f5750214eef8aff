"""Which lessons were done, asked of the file alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.teaching.kept import FILE, done
from workers.utils.folder_files import data_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("kept", "names"),
    [
        ('[{"lesson": "a"}, {"lesson": "b"}]', {"a", "b"}),
        ("[]", set()),
        ('[{"lesson": ["a"]}]', set()),
        ('["a"]', set()),
        ("5", set()),
        ("[", set()),
        ("\udcff", set()),
        (None, set()),
    ],
)
def test_what_cannot_be_read_is_as_if_nothing_were_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str | None, names: set[str]
) -> None:
    monkeypatch.setenv("THAW_DATA", str(tmp_path))
    if kept is not None:
        (data_folder() / FILE).write_bytes(kept.encode(errors="surrogateescape"))
    assert done(is_lasting=True) == names
    assert done(is_lasting=False) == set()
