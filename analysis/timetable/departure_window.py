"""The departures of a window of time: over these a travel time by timetable is distributed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from geo.faults import Fault, check_faults
from layers.transit import Period

STEP_SECS = 60
"""A departure a minute."""
LONGEST_WINDOW_SECS = 43_200
"""Twelve hours."""
LATEST_SECS = 172_800
"""The end of the second day: timetables of a service day do not go beyond."""


@dataclass(frozen=True)
class DepartureWindow:
    """Times of day at which one departs (or wants to have arrived).

    Each minute of the window is one departure, in the middle of the minute: so a wait for vehicles
    that leave at whole minutes has exactly the mean and the median that it has for a traveller who
    departs at any moment. A window whose end is its start is one departure at that moment.

    Attributes
    ----------
    start_secs, end_secs
        Seconds after midnight of the service day; the end is not included.
    arrive_by
        The times are those at which one must have arrived; travel time counts from the latest
        departure that allows it to the time itself.
    planned
        The traveller knows the timetable and leaves as late as they can without arriving later:
        no waiting before the first boarding (to a minute). Else they depart at random.
    max_rides
        Largest number of vehicles; None for any number.
    max_walk_secs
        Longest single walk: to the first stop, between two vehicles, from the last stop, and all
        the way; None for any length.
    percentile
        Which of the departures stands for the expected time: 0 to 100.
    """

    start_secs: int
    end_secs: int
    arrive_by: bool = False
    planned: bool = False
    max_rides: int | None = None
    max_walk_secs: float | None = None
    percentile: float = 50.0

    def __post_init__(self) -> None:
        """Refuse what is no window.

        Raises
        ------
        BadInputError
        """
        check_faults(_window_faults(self))

    @property
    def times(self) -> np.ndarray:
        """The departures (or arrivals), int64 seconds after midnight, in order.

        Examples
        --------
        >>> DepartureWindow(25_200, 25_380).times.tolist(), DepartureWindow(60, 60).times.tolist()
        ([25230, 25290, 25350], [60])
        """
        if self.end_secs == self.start_secs:
            return np.array([self.start_secs], dtype=np.int64)
        middles = np.arange(self.start_secs, self.end_secs, STEP_SECS, dtype=np.int64)
        return middles + np.minimum(STEP_SECS, self.end_secs - middles) // 2


def _window_faults(window: DepartureWindow) -> list[Fault]:
    """What is wrong with a window, for messages."""
    start, end = window.start_secs, window.end_secs
    faults = []
    if not 0 <= start <= end <= LATEST_SECS or end - start > LONGEST_WINDOW_SECS:
        message = f"from {start} to {end} s"
        allowed = f"0 to {LATEST_SECS} s, at most {LONGEST_WINDOW_SECS} s long, start first"
        faults.append(Fault("window", "", "value-out-of-range", message, allowed))
    if window.max_rides is not None and window.max_rides < 1:
        message = f"max_rides is {window.max_rides}"
        faults.append(Fault("window", "", "value-out-of-range", message, "1 or more"))
    if window.max_walk_secs is not None and not window.max_walk_secs >= 0:
        message = f"max_walk_secs is {window.max_walk_secs}"
        faults.append(Fault("window", "", "value-out-of-range", message, "0 or more"))
    if not 0 <= window.percentile <= 100:  # noqa: PLR2004
        message = f"percentile is {window.percentile}"
        faults.append(Fault("window", "", "value-out-of-range", message, "0 to 100"))
    return faults


PERIOD_WINDOWS: dict[Period, DepartureWindow] = {
    "peak": DepartureWindow(7 * 3_600, 9 * 3_600),
    "offpeak": DepartureWindow(12 * 3_600, 14 * 3_600),
}
"""The windows of the two periods where a study names none."""
LUCK_PERCENTILES = {"best": 5.0, "worst": 95.0}
"""Percentile of the departures of a window that stands for luck with waiting."""


@dataclass(frozen=True)
class Windows:
    """The window of each period, by which networks with a timetable are asked."""

    peak: DepartureWindow = field(default=PERIOD_WINDOWS["peak"])
    offpeak: DepartureWindow = field(default=PERIOD_WINDOWS["offpeak"])

    def of(self, period: Period) -> DepartureWindow:
        """The window of a period."""
        return self.peak if period == "peak" else self.offpeak
