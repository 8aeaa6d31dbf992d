"""The calls of trips as arrays, trip by trip in order of travel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd


def ranges(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The numbers from each start on, one range after the other.

    Examples
    --------
    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + counts, counts)


@dataclass(frozen=True, eq=False)
class Visits:
    """Calls at stops, trip by trip in order of travel.

    Attributes
    ----------
    trips
        The rows of trips.txt of the trips, index 0 to n - 1.
    starts
        Start of each trip in the arrays, and their length at the end: trips + 1.
    stop
        The number of each call's stop in `stop_ids`.
    stop_ids
        Ids of all stops, an object array.
    arrive, depart
        Seconds after midnight; both nan where the feed gives no time.
    distance
        `shape_dist_traveled`, nan where it is absent.
    pickup, drop_off
        Whether one may board and alight.
    """

    trips: pd.DataFrame
    starts: np.ndarray
    stop: np.ndarray
    stop_ids: np.ndarray
    arrive: np.ndarray
    depart: np.ndarray
    distance: np.ndarray
    pickup: np.ndarray
    drop_off: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """The number of calls of each trip."""
        return np.diff(self.starts)

    @property
    def trip(self) -> np.ndarray:
        """The trip of each call."""
        return np.repeat(np.arange(len(self.starts) - 1), self.counts)

    @property
    def first(self) -> np.ndarray:
        """The first call of each trip."""
        return self.starts[:-1]

    @property
    def last(self) -> np.ndarray:
        """The last call of each trip."""
        return self.starts[1:] - 1

    def of(self, stays: np.ndarray) -> Visits:
        """Some of the trips, by a mask."""
        calls = np.repeat(stays, self.counts)
        return self._kept(calls, self.trips[stays].reset_index(drop=True), self.counts[stays])

    def calls(self, stays: np.ndarray) -> Visits:
        """Some of the calls of all trips, by a mask."""
        counts = np.bincount(self.trip[stays], minlength=len(self.first))
        return self._kept(stays, self.trips, counts)

    def _kept(self, calls: np.ndarray, trips: pd.DataFrame, counts: np.ndarray) -> Visits:
        names = ("stop", "arrive", "depart", "distance", "pickup", "drop_off")
        arrays = {name: getattr(self, name)[calls] for name in names}
        starts = np.concatenate([[0], np.cumsum(counts)])
        return replace(self, trips=trips, starts=starts, **arrays)
