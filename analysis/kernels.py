"""Kernels: functions over arrays that numba compiles at first use and caches on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

from geo.files import code_state

Given = ParamSpec("Given")
Found = TypeVar("Found")
HERE = Path(__file__).parent


def _cache_folder() -> str:
    """Name of the cache folder: a different one for every state of the code.

    numba checks a function's own file only, but functions and constants of other files are compiled
    into it.
    """
    return f"kernels-{code_state(HERE)}"


def kernel(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Compile a function at its first use, without Python's global lock, for use by threads.

    The machine code is cached in `__pycache__` (or in `NUMBA_CACHE_DIR`), or in the user's cache
    folder if that is not writable. If neither is, every process compiles again.
    """
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(Path(previous or HERE / "__pycache__") / _cache_folder())
    try:
        compiled: Callable[Given, Found] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba finds no folder for it
        compiled = numba.njit(nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = previous
    return compiled


def inlined(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """A function that is put into the kernels that call it.

    A call hands over every array of a tuple with its count of references; in the innermost loops
    that takes longer than the work.
    """
    compiled: Callable[Given, Found] = numba.njit(nogil=True, inline="always")(function)
    return compiled
