"""Times between points that are found by a timetable, in the units of the graph."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.routing.arcs import FAR
from analysis.routing.linked_points import LinkedPoints


def by_timetable(
    linked: LinkedPoints,
    visit: Callable[[np.ndarray, np.ndarray], None],
    limit: float,
    ends: tuple[np.ndarray | None, np.ndarray | None],
    *,
    reverse: bool,
) -> None:
    """What `analysis.routing.router.visit_times` does, where points have a timetable.

    `ends` are the positions of origins and destinations, None for all.
    """
    everyone, scale = np.arange(linked.count), linked.graph.scale
    origins, destinations = (everyone if at is None else np.asarray(at) for at in ends)

    def in_units(positions: np.ndarray, secs: np.ndarray) -> None:
        visit(positions, np.where(np.isfinite(secs), scale.units(secs), FAR))

    if linked.timed is not None and len(origins) and len(destinations):
        linked.timed.visit_secs(
            in_units, limit=limit, origins=origins, destinations=destinations, reverse=reverse
        )
