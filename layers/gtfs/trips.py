"""The trips of a GTFS feed: where each calls and when, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from geo.faults import Fault
from layers.gtfs.columns import row_name, told


@dataclass(frozen=True)
class Visits:
    """Calls at stops, trip by trip in order of travel.

    Attributes
    ----------
    trip_ids
        Sound trips, as in trips.txt.
    starts
        Where each trip begins in the arrays; one more than trips, the last is their length.
    stops
        Ids of stops.
    arrive, depart
        Seconds after midnight.
    """

    trip_ids: tuple[str, ...]
    starts: np.ndarray
    stops: np.ndarray
    arrive: np.ndarray
    depart: np.ndarray


def _unknown(table: pd.DataFrame, column: str, known: pd.Series, file: str) -> list[Fault]:
    """Cells that name what is not there; such rows are no longer sound."""
    wrong = table["sound"] & (table[column] != "") & ~table[column].isin(known)
    table["sound"] &= ~wrong
    key = "trip_id"
    rows = table.loc[wrong, [key, "row", column]].itertuples(index=False)
    return told(
        [
            Fault(file, row_name(trip, row), "id-unknown", f"{column} {value!r} does not exist")
            for trip, row, value in rows
        ],
        file,
    )


def reference_faults(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Rows that name a stop, trip, route or service that does not exist.

    They are marked as not sound in the tables, which the caller owns.
    """
    stops, routes, trips = tables["stops"], tables["routes"], tables["trips"]
    services = [
        tables[name]["service_id"] for name in ("calendar", "calendar_dates") if name in tables
    ]
    faults = _unknown(trips, "route_id", routes["route_id"], f"{file}/trips.txt")
    faults += _unknown(trips, "service_id", pd.concat(services), f"{file}/trips.txt")
    where = f"{file}/stop_times.txt"
    faults += _unknown(tables["stop_times"], "stop_id", stops["stop_id"], where)
    for name in ("stop_times", "frequencies"):
        if name in tables:
            faults += _unknown(tables[name], "trip_id", trips["trip_id"], f"{file}/{name}.txt")
    if "frequencies" in tables:
        faults += _frequency_faults(tables["frequencies"], f"{file}/frequencies.txt")
    return faults


def _frequency_faults(table: pd.DataFrame, file: str) -> list[Fault]:
    """Spans that end before they start."""
    wrong = table["sound"] & (table["end_time"] <= table["start_time"])
    table["sound"] &= ~wrong
    rows = zip(table.loc[wrong, "trip_id"], table.loc[wrong, "row"], strict=True)
    message, allowed = "end_time is not after start_time", "a later end_time"
    backwards = [Fault(file, row_name(k, n), "times-backwards", message, allowed) for k, n in rows]
    return told(backwards, file) + _overlap_faults(table, file)


def _overlap_faults(table: pd.DataFrame, file: str) -> list[Fault]:
    """Spans of one trip that overlap: vehicles there would be counted twice."""
    spans = table.loc[table["sound"]].sort_values(["trip_id", "start_time"], kind="stable")
    same = spans["trip_id"] == spans["trip_id"].shift()
    wrong = spans.loc[same & (spans["start_time"] < spans["end_time"].shift())]
    table.loc[wrong.index, "sound"] = False
    rows = zip(wrong["trip_id"], wrong["row"], strict=True)
    message, allowed = "it starts before another span of the trip ends", "spans one after another"
    return told(
        [Fault(file, row_name(k, n), "times-overlap", message, allowed) for k, n in rows], file
    )


def _ordered(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Stop times of sound trips all of whose rows are sound, in order of travel."""
    trips, times = tables["trips"], tables["stop_times"]
    spoilt = set(times.loc[~times["sound"], "trip_id"])
    ids = trips.loc[trips["sound"] & ~trips["trip_id"].isin(spoilt), "trip_id"]
    place = pd.Series(np.arange(len(ids)), index=ids)
    kept = times[times["trip_id"].isin(ids)]
    kept = kept.assign(trip=place.reindex(kept["trip_id"]).to_numpy())
    return kept.sort_values(["trip", "stop_sequence"], kind="stable").reset_index(drop=True)


def _along(visits: pd.DataFrame, places: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """How far along its way a trip is at each call; by the number of calls if nothing tells."""
    given = visits["shape_dist_traveled"].to_numpy()
    if not np.isnan(given).any() and (np.diff(given) > 0).all():
        return given
    points = np.array([places.get(stop, (np.nan, np.nan)) for stop in visits["stop_id"]])
    way = np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    return way if np.isfinite(way).all() else np.arange(len(way), dtype=float)


def _filled(visits: pd.DataFrame, places: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """Arrivals and departures (2 x n) of one trip; blank ones between two others by distance."""
    times = visits[["arrival_time", "departure_time"]].to_numpy().T
    blank = np.isnan(times[0])
    along = _along(visits, places)
    return np.array([np.where(blank, np.interp(along, along[~blank], t[~blank]), t) for t in times])


def _trip_fault(times: np.ndarray) -> tuple[str, str, str] | None:
    """What is wrong with a trip's arrivals and departures (2 x n)."""
    blank = np.isnan(times[0])
    if len(blank) < 2:  # noqa: PLR2004
        return "trip-too-short", f"it has {len(blank)} stops", "two stops or more"
    if blank[0] or blank[-1]:
        return "key-missing", "its first or last call has no time", "HH:MM:SS"
    known = times[:, ~blank].T.ravel()
    if (np.diff(known) < 0).any():
        return "times-backwards", "a time is earlier than the one before", "times in order"
    return None


def trip_visits(
    tables: Mapping[str, pd.DataFrame], places: Mapping[str, tuple[float, float]], file: str
) -> tuple[Visits, list[Fault]]:
    """The calls of all sound trips with a time for every one, and the trips that are not.

    Parameters
    ----------
    tables
        As `layers.gtfs.feed.read_tables` returns them.
    places
        Projected coordinates of the stops that have some.
    file
        The name of the zip.
    """
    table = _ordered(tables)
    arrive, depart = (table[name].to_numpy() for name in ("arrival_time", "departure_time"))
    table["arrival_time"] = np.where(np.isnan(arrive), depart, arrive)
    table["departure_time"] = np.where(np.isnan(depart), arrive, depart)
    times = table[["arrival_time", "departure_time"]].to_numpy().T
    trip, ids = table["trip"].to_numpy(dtype=int), table["trip_id"].to_numpy()
    edges = np.flatnonzero(np.diff(trip, prepend=-1, append=-1))
    good = np.ones(len(table), dtype=bool)
    where, wrong = f"{file}/stop_times.txt", []
    for start, end in pairwise(edges.tolist()):
        fault = _trip_fault(times[:, start:end])
        if fault:
            wrong.append(Fault(where, str(ids[start]), *fault))
            good[start:end] = False
        elif np.isnan(times[0, start:end]).any():
            times[:, start:end] = _filled(table.iloc[start:end], places)
    kept = table[good]
    first = np.flatnonzero(np.diff(trip[good], prepend=-1))
    starts = np.append(first, len(kept))
    arrays = times[:, good]
    stops = kept["stop_id"].to_numpy(dtype=object)
    faults = _by_code(wrong, where) + _absent(tables, where) + _doubled(tables, where)
    return Visits(tuple(ids[good][first]), starts, stops, *arrays), faults


def _by_code(faults: list[Fault], file: str) -> list[Fault]:
    codes = dict.fromkeys(fault.code for fault in faults)
    return [f for code in codes for f in told((w for w in faults if w.code == code), file)]


def _absent(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Trips that call nowhere."""
    trips = tables["trips"]
    nowhere = trips.loc[trips["sound"] & ~trips["trip_id"].isin(tables["stop_times"]["trip_id"])]
    message, allowed = "it has 0 stops", "two stops or more"
    found = [Fault(file, trip, "trip-too-short", message, allowed) for trip in nowhere["trip_id"]]
    return told(found, file)


def _doubled(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Places in the sequence of a trip that are taken twice."""
    table = tables["stop_times"]
    twice = table["sound"] & table.duplicated(["trip_id", "stop_sequence"])
    rows = table.loc[twice, ["trip_id", "row", "stop_sequence"]].itertuples(index=False)
    return told(
        [
            Fault(file, row_name(k, n), "id-duplicate", f"a second stop_sequence {value:g}")
            for k, n, value in rows
        ],
        file,
    )
