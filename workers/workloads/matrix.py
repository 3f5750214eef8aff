"""Matrix products with numpy: C code that releases the GIL, and may have threads of its own, which can be too many.

numpy leaves a product to a library, the BLAS, which shares it out over as many threads as there are cores, whoever
calls it. So N workers on M cores bring N times M threads, which fight for M cores and wait for each other: two workers
are no faster than one, and on a busy machine far slower. Only one of the two should use the cores: workers, with one
BLAS thread each, as here at first; or the BLAS, with one worker. Usually the environment says so before the start
(`OPENBLAS_NUM_THREADS=1`, `MKL_NUM_THREADS`, `OMP_NUM_THREADS`); the OpenBLAS that comes with numpy can be told at any
time. The result says which BLAS it was, and how many threads it had.

A product is made a few rows at a time, for nothing can pause or cancel a call into C.
"""

from __future__ import annotations

import ctypes
import os
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

TITLE = "Matrix products (numpy)"
ORDER = 31
UNIT = "rows"
TASKS = 16
GIL = "releases"
REQUIRES = ("numpy",)
LABELS = {"size": "Rows of a matrix", "blas_threads": "BLAS threads"}

A_STEP = 40_000_000
"""Multiplications and additions between two yields: a few milliseconds of one core."""

NUMBERS_A_STEP = 500_000
"""Random numbers between two yields, likewise."""

VARIABLES = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
"""What says in the environment how many threads a BLAS has."""

NAMES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")
"""What the functions of an OpenBLAS are called, as it was built."""


def matrix(index: int, seed: int, *, size: int = 1000, blas_threads: int = 1) -> Generator[int, None, str]:
    """Multiply two square matrices; the result has the trace of the product, and says what made it.

    Args:
        index: which task; each has matrices of its own.
        seed: the same seed makes the same matrices.
        size: how many rows and columns each matrix has; twice as many take eight times as long (10 to 5,000)
        blas_threads: threads that share one product, inside of the BLAS; 0: as many as it likes (0 to 256)

    Yields:
        How many rows of the product were finished since the last yield.
    """
    if size < 1:
        raise ValueError(f"A matrix must have at least 1 row, not {size:,}.")
    made_by = use_threads(blas_threads)
    chance = np.random.default_rng((seed % (1 << 32), index))
    left, right, product = np.empty((size, size)), np.empty((size, size)), np.empty((size, size))
    step = max(1, NUMBERS_A_STEP // size)
    for numbers in (left, right):
        for row in range(0, size, step):
            chance.random(out=numbers[row : row + step])
            yield 0
    step = rows_a_step(size)
    for row in range(0, size, step):
        np.matmul(left[row : row + step], right, out=product[row : row + step])
        yield min(step, size - row)
    return f"trace {np.trace(product):.6g}, {made_by}"


def rows_a_step(size: int) -> int:
    """How many rows of a product of this size are made in one call."""
    return max(1, A_STEP // (2 * size * size))


class OpenBlas(NamedTuple):
    """The library that is loaded: how many threads it uses for a call in this process, asked and told, and at first."""

    threads: Callable[[], int]
    use: Callable[[int], Any]
    usual: int


@lru_cache(maxsize=1)
def openblas() -> OpenBlas | None:
    """The OpenBLAS that came with numpy; None where numpy has another BLAS, or one of the system's."""
    package = Path(np.__file__).parent
    for file in (*package.parent.glob("numpy.libs/*openblas*"), *package.glob(".dylibs/*openblas*")):
        library = ctypes.CDLL(str(file))
        for name in NAMES:
            threads = getattr(library, name.format("get_num_threads"), None)
            use = getattr(library, name.format("set_num_threads"), None)
            if threads is not None and use is not None:
                return OpenBlas(threads, use, threads())
    return None


def use_threads(wanted: int) -> str:
    """Let the BLAS use so many threads for a call, 0 for as many as at first; what it then has, in words.

    It holds for the whole process, so all tasks of a run want the same.
    """
    blas = openblas()
    if blas is not None:
        if blas.threads() != (wanted or blas.usual):
            blas.use(wanted or blas.usual)
        return _words("OpenBLAS", blas.threads())
    # Another one heeds the environment alone, and that only at its start.
    build: Any = np.show_config(mode="dicts") or {}
    name = build.get("Build Dependencies", {}).get("blas", {}).get("name", "an unknown BLAS")
    told = next((value for value in map(os.environ.get, VARIABLES) if value and value.isdigit()), "")
    return _words(str(name), int(told) if told else os.cpu_count() or 1)


def _words(name: str, threads: int) -> str:
    return f"{name} with {threads} thread{'s' * (threads != 1)}"


def close() -> None:
    """Give the program's BLAS its threads back, when a run has ended."""
    use_threads(0)


def seconds(*, size: int = 1000) -> float:
    """About how long one task takes on the GUI thread, in seconds: tried with one step, in a few milliseconds."""
    use_threads(1)
    rows = rows_a_step(1000)
    left, right = np.ones((rows, 1000)), np.ones((1000, 1000))
    begun = time.perf_counter()
    np.matmul(left, right)
    return (time.perf_counter() - begun) * float(size) ** 3 / (rows * 1000.0 * 1000.0)
