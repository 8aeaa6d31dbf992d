"""The timetable of one day: trips with their calls, and the rules for changing between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

TRIP_COLUMNS = (
    *("trip_id", "route_id", "name", "next_trip"),
    *("headway_secs", "start_secs", "end_secs"),
)
CALL_COLUMNS = ("trip", "stop_id", "arrival_secs", "departure_secs", "pickup", "drop_off")
TRANSFER_COLUMNS = (
    *("from_stop_id", "to_stop_id", "from_route_id", "to_route_id"),
    *("rule", "min_secs"),
)
MINIMUM, FORBIDDEN, TIMED = "minimum", "forbidden", "timed"
"""Rules of transfers: a least time, none at all, and one that the second vehicle waits for."""


@dataclass(frozen=True, eq=False)
class Timetable:
    """The trips of one service day.

    Times are whole seconds after midnight of the service day (strictly: after noon minus twelve
    hours, as in GTFS); trips that run on after midnight have times beyond 86,400, and trips of
    the day before that still run have times below those.

    Attributes
    ----------
    service_dates
        The day that was taken, by the name of the feed.
    trips
        `TRIP_COLUMNS`, one row a trip, index 0 to n - 1. `route_id` is that of the
        `layers.transit.TransitRoute` of its pattern: a trip runs in a network as long as the
        network has this route. `name` is what a passenger reads: the route's short name.
        `next_trip` is the row of the trip on which riders may stay on board where this one ends
        (blocks), else -1. A trip with `headway_secs` above 0 has no clock: vehicles leave its first
        stop every `headway_secs` from `start_secs` up to, not including, `end_secs`, at an
        unknown phase; its calls are those of a vehicle that leaves at `start_secs`. The three are
        0 for all other trips.
    calls
        `CALL_COLUMNS`, sorted by trip (row of `trips`), then in order of travel; at least two a
        trip. Times (int) never decrease along a trip. `pickup` and `drop_off` (bool) say whether
        one may board and alight.
    transfers
        `TRANSFER_COLUMNS`, rules for changing from one stop to another (or the same). Route ids
        are those of `trips`, or empty for all. `rule` is `MINIMUM` (`min_secs` must pass, and the
        walk if it is longer), `FORBIDDEN` or `TIMED` (the second vehicle waits: no time is
        needed).
    """

    service_dates: Mapping[str, dt.date]
    trips: pd.DataFrame
    calls: pd.DataFrame
    transfers: pd.DataFrame

    def __repr__(self) -> str:
        """Say in one line how large it is."""
        days = ", ".join(sorted({f"{day}" for day in self.service_dates.values()}))
        return f"Timetable({len(self.trips)} trips, {len(self.calls)} calls, {days})"

    @property
    def route_ids(self) -> set[str]:
        """The routes that have trips."""
        return set(self.trips["route_id"])

    def of_routes(self, route_ids: Collection[str]) -> Timetable:
        """The trips of some routes only.

        Examples
        --------
        >>> empty_timetable().of_routes({"7"})
        Timetable(0 trips, 0 calls, )
        """
        stays = self.trips["route_id"].isin(list(route_ids)).to_numpy()
        if stays.all():
            return self
        place = np.where(stays, np.cumsum(stays) - 1, -1)
        trips = self.trips[stays].reset_index(drop=True)
        follows = trips["next_trip"].to_numpy()
        trips["next_trip"] = np.where(follows >= 0, place[follows], -1)
        calls = self.calls[stays[self.calls["trip"].to_numpy()]].reset_index(drop=True)
        calls["trip"] = place[calls["trip"].to_numpy()]
        return Timetable(self.service_dates, trips, calls, self.transfers)

    def renamed(self, stops: Mapping[str, str], routes: Mapping[str, str]) -> Timetable:
        """The same with new names of stops and routes; those that are not named keep theirs."""
        new = {
            **dict.fromkeys(("stop_id", "from_stop_id", "to_stop_id"), stops),
            **dict.fromkeys(("route_id", "from_route_id", "to_route_id"), routes),
        }
        trips, calls, transfers = (
            table.assign(**{c: _renamed(table[c], new[c]) for c in table.columns if c in new})
            for table in (self.trips, self.calls, self.transfers)
        )
        return Timetable(self.service_dates, trips, calls, transfers)


def _renamed(ids: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """Ids with new names, each distinct id looked up once."""
    codes, distinct = pd.factorize(ids)
    new = np.array([names.get(name, name) for name in distinct], dtype=object)
    return pd.Series(new[codes] if len(codes) else ids, index=ids.index, dtype=ids.dtype)


def joined_timetables(timetables: Sequence[Timetable]) -> Timetable:
    """The trips of several timetables, whose stops and routes have ids of their own.

    Examples
    --------
    >>> joined_timetables([])
    Timetable(0 trips, 0 calls, )
    """
    parts = [part for part in timetables if len(part.trips)]
    if not parts:
        return empty_timetable()
    starts = np.cumsum([0, *(len(part.trips) for part in parts)])
    trips = [
        part.trips.assign(
            next_trip=part.trips["next_trip"].where(
                part.trips["next_trip"] < 0, part.trips["next_trip"] + n
            )
        )
        for part, n in zip(parts, starts, strict=False)
    ]
    calls = [
        part.calls.assign(trip=part.calls["trip"] + n)
        for part, n in zip(parts, starts, strict=False)
    ]
    rules = [part.transfers for part in parts if len(part.transfers)]
    return Timetable(
        {feed: day for part in parts for feed, day in part.service_dates.items()},
        pd.concat(trips, ignore_index=True),
        pd.concat(calls, ignore_index=True),
        pd.concat(rules, ignore_index=True) if rules else parts[0].transfers,
    )


def empty_timetable() -> Timetable:
    """A timetable without trips."""
    tables = (pd.DataFrame(columns=list(c)) for c in (TRIP_COLUMNS, CALL_COLUMNS, TRANSFER_COLUMNS))
    trips, calls, transfers = tables
    return Timetable(
        {},
        trips.astype({"next_trip": int, "headway_secs": int, "start_secs": int, "end_secs": int}),
        calls.astype({"trip": int, "arrival_secs": int, "departure_secs": int}).astype(
            {"pickup": bool, "drop_off": bool}
        ),
        transfers.astype({"min_secs": int}),
    )
