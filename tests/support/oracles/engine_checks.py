"""The engine on a sketch is networkx, whichever way it searches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from engine_questions import Asked, asked_of
from networkx_costs import networkx_costs
from sketches import MOST, Pieces, Sketch


def check_is_networkx(sketch: Sketch, seed: int, *, reverse: bool) -> None:
    asked = asked_of(sketch, seed, reverse=reverse)
    wanted = networkx_costs(
        sketch, asked.origins, asked.destinations, limit=asked.limit, reverse=reverse
    )
    np.testing.assert_array_equal(asked.by_queue(), wanted)
    np.testing.assert_array_equal(asked.by_sweeps(), wanted)


# Corners ------------------------------------------------------------------------------------


def line_of(costs: list[int], **values: object) -> Sketch:
    """Streets one behind the other, both ways; point 0 at the start, 1 at the end, at no cost."""
    count = len(costs)
    there = [(k, k + 1, cost) for k, cost in enumerate(costs)]
    arcs = Pieces.of([*there, *((b, a, cost) for a, b, cost in there)])
    ends = Pieces.of([(0, 0, 0), (1, count, 0)])
    itself = Pieces.of([(0, 0, 0), (1, 1, 0)])
    made = Sketch(count + 1, count + 1, 2, arcs, ends, ends, itself)
    return replace(made, **values)  # type: ignore[arg-type]


def from_0_to_1(sketch: Sketch, limit: int = MOST - 1) -> int:
    """The cost, by both ways of searching, with several origins a batch and one."""
    origins, destinations = np.zeros(70, dtype=int), np.array([1])
    found = Asked(sketch.trips(), limit, origins, destinations).both_ways()
    assert (found == found[0]).all()
    return int(found[0, 0])
