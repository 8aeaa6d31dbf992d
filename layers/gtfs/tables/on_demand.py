"""On-demand services in stop_times.txt: trips without fixed stops or times, which are left out."""

from __future__ import annotations

import pandas as pd

from geo.faults import Fault

PLACES = ("location_group_id", "location_id")
WINDOWS = ("start_pickup_drop_off_window", "end_pickup_drop_off_window")
MOST_NAMED = 5
"""Number of left out ids that a message names."""


def named(ids: list[str]) -> str:
    """The first few ids, as messages name them.

    Examples
    --------
    >>> named(["1", "2"]), named(list("abcdefg"))
    ('1, 2', 'a, b, c, d, e, …')
    """
    return ", ".join(ids[:MOST_NAMED]) + (", …" if len(ids) > MOST_NAMED else "")


def take_out_on_demand(raw: dict[str, pd.DataFrame], file: str) -> list[Fault]:
    """Take the trips that call at an area, or in a window of time, out of a feed.

    Parameters
    ----------
    raw
        The tables as texts; those of trips and stop times are replaced, with the index they had.
    file
        The name of stop_times.txt in faults.

    Returns
    -------
    list of Fault
        One warning with the number of trips.
    """
    times = raw["stop_times"]
    columns = [times[name] for name in (*PLACES, *WINDOWS) if name in times]
    if not columns or "trip_id" not in times:
        return []
    is_on_demand = pd.concat([(c != "") & c.notna() for c in columns], axis=1).any(axis=1)
    trips = list(dict.fromkeys(times.loc[is_on_demand, "trip_id"].astype(str)))
    if not trips:
        return []
    for name in ("stop_times", "trips"):
        if name in raw and "trip_id" in raw[name]:
            raw[name] = raw[name][~raw[name]["trip_id"].isin(trips)]
    message = f"{len(trips)} trips run on demand, left out: {named(trips)}"
    return [Fault(file, "", "trip-on-demand", message, "trips with stops and times", "warning")]
