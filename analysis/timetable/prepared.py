"""Networks made ready for searches, shared by all questions about them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

from analysis.timetable.samples import Samples
from analysis.timetable.service.scoped import ScopedService
from analysis.timetable.service.vehicles import Vehicles
from analysis.timetable.service.walks import Rows
from analysis.timetable.stored import ServiceStore
from layers.caching import LruCache

MOST = 8
"""Networks, windows and limits that are kept: two scenarios with two periods and two limits."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A network made ready for searches up to a limit of time.

    Attributes
    ----------
    samples
        Moments and phases of each origin.
    services
        What runs, by scope.
    walk_secs
        Longest walk.
    vehicles
        All trips; with time reversed if one asks when to leave.
    """

    samples: Samples
    services: tuple[ScopedService, ...]
    walk_secs: float
    vehicles: Vehicles


def by_part(ready: Prepared, make: Callable[[ScopedService], Rows]) -> tuple[Rows, ...]:
    """A table for each scope, where phases of the same part of the window share it."""
    made: dict[int, Rows] = {}
    for scoped in ready.services:
        if scoped.base not in made:
            made[scoped.base] = make(scoped)
    return tuple(made[scoped.base] for scoped in ready.services)


class PreparedNetworks:
    """A cache of prepared networks, by the identity of what they are made of.

    Parameters
    ----------
    folder
        Where their services are kept between runs; None keeps nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.store = ServiceStore(folder)
        self._kept: LruCache[tuple[tuple[object, ...], Prepared]] = LruCache(MOST)

    def get(
        self, made_of: tuple[object, ...], key: Hashable, make: Callable[[], Prepared]
    ) -> Prepared:
        """A prepared network.

        Parameters
        ----------
        made_of
            Immutable objects on which it depends, compared by identity.
        key
            Values on which it depends.
        make
            Makes it, if it is not kept.
        """

        def is_same(kept: tuple[tuple[object, ...], Prepared]) -> bool:
            return all(one is other for one, other in zip(kept[0], made_of, strict=True))

        whole = (*map(id, made_of), key)
        return self._kept.get(whole, lambda: (made_of, make()), fits=is_same)[1]
