"""What the machine can do: memory bandwidth, and a plain pass over a graph."""

from __future__ import annotations

import os
import platform
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit

TRIAD_FLOATS, TRIAD_RUNS = 12_000_000, 7
"""Three arrays of 96 MB a thread: far more than any cache holds."""
TRIAD_BYTES = 24
"""Moved for each element: two read, one written (what is read before writing is not counted)."""


@njit(nogil=True, fastmath=True)
def _triad(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    for i in range(a.size):
        a[i] = b[i] + 3.0 * c[i]


@njit(nogil=True)
def breadth_first(first: np.ndarray, heads: np.ndarray, start: int, queued: np.ndarray) -> int:
    """How many vertices there is a way to: each is queued once, each of its arcs looked at once.

    The least that a search with a queue can do; `queued` is its workspace, int32.
    """
    found = np.zeros(first.size - 1, np.bool_)
    found[start], queued[0] = True, start
    here, end = 0, 1
    while here < end:
        tail = queued[here]
        here += 1
        for arc in range(first[tail], first[tail + 1]):
            head = heads[arc]
            if not found[head]:
                found[head], queued[end] = True, head
                end += 1
    return end


def bandwidth(threads: int) -> float:
    """Bytes a second that so many threads move together, the median of some runs.

    The triad of McCalpin, "Memory bandwidth and machine balance in current high performance
    computers", IEEE TCCA Newsletter, 1995.
    """
    arrays = [[np.full(TRIAD_FLOATS, v) for v in (0.0, 1.0, 2.0)] for _ in range(threads)]
    for own in arrays:
        _triad(*(array[:10] for array in own))
    secs = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(TRIAD_RUNS):
            start = time.perf_counter()
            list(pool.map(lambda own: _triad(*own), arrays))
            secs.append(time.perf_counter() - start)
    return threads * TRIAD_FLOATS * TRIAD_BYTES / statistics.median(secs)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


@dataclass(frozen=True)
class Machine:
    """Where it was measured; bytes a second of one thread and of all."""

    processor: str
    cores: int
    one_thread: float
    all_threads: float

    def __str__(self) -> str:
        """One line for the head of a report."""
        moved = (
            f"{self.one_thread / 1e9:.0f} GB/s by one thread, {self.all_threads / 1e9:.0f} by all"
        )
        system = f"{platform.system()}, Python {platform.python_version()}"
        return f"{self.processor}, {self.cores} cores, memory {moved}; {system}"


def this_machine() -> Machine:
    """Measure this machine."""
    cores = os.cpu_count() or 1
    return Machine(_processor(), cores, bandwidth(1), bandwidth(cores))
