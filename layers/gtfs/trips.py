"""The trips of a GTFS feed: their calls at stops, and their faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from geo.faults import Fault
from layers.gtfs.columns import limited, row_name


@dataclass(frozen=True)
class Visits:
    """Calls at stops, trip by trip in order of travel.

    Attributes
    ----------
    trip_ids
        Ids of the valid trips, as in trips.txt.
    starts
        Start of each trip in the arrays, and their length at the end: trips + 1.
    stops
        Stop ids.
    arrive, depart
        Seconds after midnight.
    """

    trip_ids: tuple[str, ...]
    starts: np.ndarray
    stops: np.ndarray
    arrive: np.ndarray
    depart: np.ndarray


def _reference_faults(table: pd.DataFrame, column: str, known: pd.Series, file: str) -> list[Fault]:
    """Faults of cells with unknown ids; such rows are marked as not sound."""
    is_unknown = table["sound"] & (table[column] != "") & ~table[column].isin(known)
    table["sound"] &= ~is_unknown
    key = "trip_id"
    rows = table.loc[is_unknown, [key, "row", column]].itertuples(index=False)
    return limited(
        [
            Fault(file, row_name(trip, row), "id-unknown", f"{column} {value!r} does not exist")
            for trip, row, value in rows
        ],
        file,
    )


def reference_faults(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Faults of rows with a stop, trip, route or service that does not exist.

    Changes `sound` of these rows in the given tables.
    """
    stops, routes, trips = tables["stops"], tables["routes"], tables["trips"]
    services = [
        tables[name]["service_id"] for name in ("calendar", "calendar_dates") if name in tables
    ]
    faults = _reference_faults(trips, "route_id", routes["route_id"], f"{file}/trips.txt")
    faults += _reference_faults(trips, "service_id", pd.concat(services), f"{file}/trips.txt")
    where = f"{file}/stop_times.txt"
    faults += _reference_faults(tables["stop_times"], "stop_id", stops["stop_id"], where)
    for name in ("stop_times", "frequencies"):
        if name in tables:
            faults += _reference_faults(
                tables[name], "trip_id", trips["trip_id"], f"{file}/{name}.txt"
            )
    if "frequencies" in tables:
        faults += _frequency_faults(tables["frequencies"], f"{file}/frequencies.txt")
    return faults


def _frequency_faults(table: pd.DataFrame, file: str) -> list[Fault]:
    """Faults of spans that end before they start, or overlap; marks them as not sound."""
    is_backwards = table["sound"] & (table["end_time"] <= table["start_time"])
    table["sound"] &= ~is_backwards
    rows = zip(table.loc[is_backwards, "trip_id"], table.loc[is_backwards, "row"], strict=True)
    message, allowed = "end_time is not after start_time", "a later end_time"
    backwards = [Fault(file, row_name(k, n), "times-backwards", message, allowed) for k, n in rows]
    return limited(backwards, file) + _overlap_faults(table, file)


def _overlap_faults(table: pd.DataFrame, file: str) -> list[Fault]:
    """Faults of overlapping spans of one trip, whose departures would count twice."""
    spans = table.loc[table["sound"]].sort_values(["trip_id", "start_time"], kind="stable")
    same_trip = spans["trip_id"] == spans["trip_id"].shift()
    overlapping = spans.loc[same_trip & (spans["start_time"] < spans["end_time"].shift())]
    table.loc[overlapping.index, "sound"] = False
    rows = zip(overlapping["trip_id"], overlapping["row"], strict=True)
    message, allowed = "it starts before another span of the trip ends", "spans one after another"
    return limited(
        [Fault(file, row_name(k, n), "times-overlap", message, allowed) for k, n in rows], file
    )


def _sorted_stop_times(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Stop times, in order of travel, of valid trips without invalid rows."""
    trips, times = tables["trips"], tables["stop_times"]
    invalid_trips = set(times.loc[~times["sound"], "trip_id"])
    ids = trips.loc[trips["sound"] & ~trips["trip_id"].isin(invalid_trips), "trip_id"]
    place = pd.Series(np.arange(len(ids)), index=ids)
    kept = times[times["trip_id"].isin(ids)]
    kept = kept.assign(trip=place.reindex(kept["trip_id"]).to_numpy())
    return kept.sort_values(["trip", "stop_sequence"], kind="stable").reset_index(drop=True)


def _distances(visits: pd.DataFrame, places: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """Distance of a trip at each call: tagged, else straight, else the number of calls."""
    tagged = visits["shape_dist_traveled"].to_numpy()
    if not np.isnan(tagged).any() and (np.diff(tagged) > 0).all():
        return tagged
    points = np.array([places.get(stop, (np.nan, np.nan)) for stop in visits["stop_id"]])
    cumulative = np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    return cumulative if np.isfinite(cumulative).all() else np.arange(len(cumulative), dtype=float)


def _interpolated_times(
    visits: pd.DataFrame, places: Mapping[str, tuple[float, float]]
) -> np.ndarray:
    """Arrivals and departures (2 x n) of one trip; blank times are interpolated by distance."""
    times = visits[["arrival_time", "departure_time"]].to_numpy().T
    blank = np.isnan(times[0])
    distances = _distances(visits, places)
    return np.array(
        [np.where(blank, np.interp(distances, distances[~blank], t[~blank]), t) for t in times]
    )


def _trip_fault(times: np.ndarray) -> tuple[str, str, str] | None:
    """The fault of a trip's arrivals and departures (2 x n): code, message, allowed; or None."""
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
    """The calls of all valid trips, with times at every call, and faults of the other trips.

    Parameters
    ----------
    tables
        As `layers.gtfs.feed.read_tables` returns them.
    places
        Projected coordinates of the stops with a position.
    file
        The name of the zip.
    """
    table = _sorted_stop_times(tables)
    arrive, depart = (table[name].to_numpy() for name in ("arrival_time", "departure_time"))
    table["arrival_time"] = np.where(np.isnan(arrive), depart, arrive)
    table["departure_time"] = np.where(np.isnan(depart), arrive, depart)
    times = table[["arrival_time", "departure_time"]].to_numpy().T
    trip, ids = table["trip"].to_numpy(dtype=int), table["trip_id"].to_numpy()
    edges = np.flatnonzero(np.diff(trip, prepend=-1, append=-1))
    is_valid = np.ones(len(table), dtype=bool)
    stop_times_file, trip_faults = f"{file}/stop_times.txt", []
    for start, end in pairwise(edges.tolist()):
        fault = _trip_fault(times[:, start:end])
        if fault:
            trip_faults.append(Fault(stop_times_file, str(ids[start]), *fault))
            is_valid[start:end] = False
        elif np.isnan(times[0, start:end]).any():
            times[:, start:end] = _interpolated_times(table.iloc[start:end], places)
    kept = table[is_valid]
    first = np.flatnonzero(np.diff(trip[is_valid], prepend=-1))
    starts = np.append(first, len(kept))
    arrays = times[:, is_valid]
    stops = kept["stop_id"].to_numpy(dtype=object)
    faults = (
        _by_code(trip_faults, stop_times_file)
        + _absent_faults(tables, stop_times_file)
        + _sequence_faults(tables, stop_times_file)
    )
    return Visits(tuple(ids[is_valid][first]), starts, stops, *arrays), faults


def _by_code(faults: list[Fault], file: str) -> list[Fault]:
    codes = dict.fromkeys(fault.code for fault in faults)
    return [
        f
        for code in codes
        for f in limited((fault for fault in faults if fault.code == code), file)
    ]


def _absent_faults(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Faults of trips without calls."""
    trips = tables["trips"]
    nowhere = trips.loc[trips["sound"] & ~trips["trip_id"].isin(tables["stop_times"]["trip_id"])]
    message, allowed = "it has 0 stops", "two stops or more"
    faults = [Fault(file, trip, "trip-too-short", message, allowed) for trip in nowhere["trip_id"]]
    return limited(faults, file)


def _sequence_faults(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Faults of repeated values of `stop_sequence` in a trip."""
    table = tables["stop_times"]
    is_repeated = table["sound"] & table.duplicated(["trip_id", "stop_sequence"])
    rows = table.loc[is_repeated, ["trip_id", "row", "stop_sequence"]].itertuples(index=False)
    return limited(
        [
            Fault(file, row_name(k, n), "id-duplicate", f"a second stop_sequence {value:g}")
            for k, n, value in rows
        ],
        file,
    )
