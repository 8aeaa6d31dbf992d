"""The vehicles of a feed's day as a timetable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.gtfs.blocks import Vehicles
from layers.gtfs.patterns import Pattern
from layers.gtfs.transfers import transfer_rules
from layers.gtfs.visits import ranges
from layers.timetable import Timetable
from layers.transit import TransitRoute


@dataclass(frozen=True)
class Day:
    """A feed and the day that was taken of it."""

    feed: str
    date: dt.date


def _clock(secs: int) -> str:
    """Seconds after midnight as text.

    Examples
    --------
    >>> _clock(90_061)
    '25:01:01'
    """
    return f"{secs // 3_600:02d}:{secs // 60 % 60:02d}:{secs % 60:02d}"


def _trip_ids(vehicles: Vehicles) -> np.ndarray:
    """Ids: those of the feed, with the time at which it leaves where a trip has many vehicles."""
    ids = vehicles.column("trip_id")
    many = pd.Series(ids).duplicated(keep=False).to_numpy()
    leaves = vehicles.leaves.astype(int)
    ids = ids.copy()
    for n in np.flatnonzero(many).tolist():
        day = "-" if leaves[n] < 0 else ""
        ids[n] = f"{ids[n]}@{day}{_clock(abs(int(leaves[n])))}"
    return ids


def _calls(vehicles: Vehicles) -> pd.DataFrame:
    visits, visit = vehicles.visits, vehicles.visit
    counts = visits.counts[visit]
    rows = ranges(visits.first[visit], counts)
    shift = np.repeat(vehicles.table["shift_secs"].to_numpy(), counts)
    return pd.DataFrame(
        {
            "trip": np.repeat(np.arange(len(visit)), counts),
            "stop_id": pd.Index(visits.stop_ids).take(visits.stop[rows]),
            "arrival_secs": visits.arrive[rows].astype(int) + shift,
            "departure_secs": visits.depart[rows].astype(int) + shift,
            "pickup": visits.pickup[rows],
            "drop_off": visits.drop_off[rows],
        }
    )


def feed_timetable(
    day: Day,
    vehicles: Vehicles,
    follows: np.ndarray,
    *,
    services: Sequence[tuple[Pattern, TransitRoute]],
    tables: Mapping[str, pd.DataFrame],
) -> Timetable:
    """The timetable of a feed's day.

    Parameters
    ----------
    day
        The feed and its day.
    vehicles
        All vehicles, in the order of the trips.
    follows
        By vehicle, the one as which it goes on, or -1.
    services
        The patterns, which together have all vehicles, and their routes.
    tables
        The feed's tables, checked.
    """
    route_ids = np.empty(len(vehicles.table), dtype=object)
    names = np.empty(len(vehicles.table), dtype=object)
    patterns_of: dict[str, list[str]] = {}
    for pattern, route in services:
        numbers = list(pattern.vehicles)
        route_ids[numbers], names[numbers] = route.route_id, route.route_name
        patterns_of.setdefault(route.feed_route_id, []).append(route.route_id)
    headways = {name: vehicles.table[name] for name in ("headway_secs", "start_secs", "end_secs")}
    trips = pd.DataFrame(
        {
            "trip_id": _trip_ids(vehicles),
            "route_id": route_ids,
            "name": names,
            "next_trip": follows,
            **headways,
        }
    )
    calls = _calls(vehicles)
    rules = transfer_rules(tables, set(calls["stop_id"].unique()), patterns_of)
    return Timetable({day.feed: day.date}, trips, calls, rules)
