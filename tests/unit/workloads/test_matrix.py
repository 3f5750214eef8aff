"""Matrix products: right ones, a step at a time, by a BLAS that is told how many threads it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.steps import finish
from workers.workloads import matrix as module
from workers.workloads.matrix import close, matrix, openblas, rows_a_step, use_threads

if TYPE_CHECKING:
    from collections.abc import Generator

BUNDLED = pytest.mark.skipif(openblas() is None, reason="numpy has another BLAS here")


@pytest.fixture(autouse=True)
def threads_given_back() -> Generator[None, None, None]:
    yield
    close()


def test_the_product_is_right_and_made_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "A_STEP", 2 * 50 * 50 * 7)
    amounts, result = finish(matrix(3, 1, size=50))
    assert [amount for amount in amounts if amount] == [7] * 7 + [1]
    chance = np.random.default_rng((1, 3))
    left, right = chance.random((50, 50)), chance.random((50, 50))
    assert result.startswith(f"trace {np.trace(left @ right):.6g}, ")


def test_a_step_is_short_also_where_matrices_are_large() -> None:
    assert rows_a_step(10) > 10
    assert rows_a_step(5_000) == 1


@BUNDLED
def test_the_blas_has_as_many_threads_as_were_asked_for_and_gets_its_own_back() -> None:
    blas = openblas()
    assert blas is not None
    assert finish(matrix(0, 1, size=10, blas_threads=1))[1].endswith("OpenBLAS with 1 thread")
    assert finish(matrix(0, 1, size=10, blas_threads=2))[1].endswith("OpenBLAS with 2 threads")
    close()
    assert blas.threads() == blas.usual


def test_another_blas_has_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "openblas", lambda: None)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    assert use_threads(1).endswith(" with 3 threads")
