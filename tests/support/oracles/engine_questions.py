"""A question put to the engine in whole units, by both its ways of searching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import strategies as st
from networkx_costs import networkx_costs
from sketches import MOST, Numbers, Sketch

from analysis.routing import router as search
from analysis.routing.linked_points import Trips
from analysis.routing.sweep.many_to_many import Batches


@dataclass(frozen=True)
class Asked:
    """A question in whole units."""

    trips: Trips
    limit: int
    origins: Numbers
    destinations: Numbers
    reverse: bool = False

    def _question(self) -> Any:
        trips = self.trips.reversed if self.reverse else self.trips
        parts = np.int32(self.limit), self.origins, self.destinations, self.reverse
        return search._Question(trips, *parts)  # noqa: SLF001

    @contextmanager
    def _gathered(self) -> Iterator[tuple[Numbers, search.Visit]]:
        """A table to fill, origins x destinations; each origin comes exactly once."""
        table = np.empty((len(self.origins), len(self.destinations)), dtype=np.int64)
        seen = np.zeros(len(self.origins), dtype=int)

        def visit(positions: Numbers, block: Numbers) -> None:
            assert block.dtype == np.int32
            assert block.shape == (len(self.destinations), len(positions))
            table[positions] = block.T
            np.add.at(seen, positions, 1)

        yield table, visit
        assert (seen == 1).all()

    def by_queue(self) -> Numbers:
        """Origin by origin."""
        with self._gathered() as (table, visit):
            search._queued(self._question(), visit)  # noqa: SLF001
        return table

    def by_sweeps(self, threads: int | None = None) -> Numbers:
        """Batch by batch, through the hierarchy."""
        asked = self._question()
        parts = asked.limit, asked.destinations, asked.backwards
        batches = Batches(asked.trips, asked.trips.hierarchy, *parts)
        with self._gathered() as (table, visit), in_threads(threads):
            search._swept(asked, batches, visit)  # noqa: SLF001
        return table

    def both_ways(self) -> Numbers:
        """What both say."""
        queued, swept = self.by_queue(), self.by_sweeps()
        np.testing.assert_array_equal(queued, swept)
        return queued


@contextmanager
def in_threads(count: int | None) -> Iterator[None]:
    """As on a machine with so many processors; on this one if None."""
    if count is None:
        yield
        return
    with patch("os.cpu_count", lambda: count):
        yield


def everyone(sketch: Sketch) -> Numbers:
    """All points."""
    return np.arange(sketch.count)


SEEDS = st.integers(0, 2**32 - 1)
ORIGINS = (1, 7, 63, 64, 65, 150)
"""Fewer than a batch, one more or less than a whole one, and several."""


def asked_of(sketch: Sketch, seed: int, *, reverse: bool = False) -> Asked:
    """Some origins and destinations, some with repetition; a limit that matters.

    The limit is none at all, nothing at all, or exactly the cost of a way, or a unit beside it.
    """
    random = np.random.default_rng(seed)
    origins = random.choice(sketch.count, random.choice(ORIGINS))
    destinations = random.permutation(sketch.count)[: random.integers(0, sketch.count + 1)]
    if len(destinations):
        more = random.integers(0, len(destinations), random.integers(0, 3))
        destinations = np.append(destinations, destinations[more])
    costs = networkx_costs(sketch, everyone(sketch), everyone(sketch))
    way = int(random.choice(costs[costs < MOST]))
    limit = random.choice([MOST - 1, 0, way, max(way - 1, 0), min(way + 1, MOST - 1)])
    return Asked(sketch.trips(), int(limit), origins, destinations, reverse)
