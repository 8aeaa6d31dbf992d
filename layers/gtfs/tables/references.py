"""Rows of a GTFS feed that name what does not exist, and spans that cannot be."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.faults import Fault
from layers.gtfs.tables.cells import row_faults


def _reference_faults(table: pd.DataFrame, column: str, known: pd.Series, file: str) -> list[Fault]:
    """Faults of cells with unknown ids; such rows are marked as not sound."""
    is_unknown = table["sound"] & (table[column] != "") & ~table[column].isin(known)
    table["sound"] &= ~is_unknown
    say = Fault(file, "", "id-unknown", f"{column} {{}} does not exist")
    return row_faults(table, is_unknown, say, told=column)


def reference_faults(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Faults of rows with a stop, trip, route or service that does not exist.

    Changes `sound` of these rows in the given tables.
    """
    stops, routes, trips = tables["stops"], tables["routes"], tables["trips"]
    services = [
        tables[name]["service_id"] for name in ("calendar", "calendar_dates") if name in tables
    ]
    faults = _reference_faults(trips, "route_id", routes["route_id"], f"{file}/trips.txt")
    # a route with a fault is told already: its trips are left out with it
    trips["sound"] &= ~trips["route_id"].isin(routes.loc[~routes["sound"], "route_id"])
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
    if "transfers" in tables:
        for column in ("from_stop_id", "to_stop_id"):
            where = f"{file}/transfers.txt"
            faults += _reference_faults(tables["transfers"], column, stops["stop_id"], where)
    return faults


def _frequency_faults(table: pd.DataFrame, file: str) -> list[Fault]:
    """Faults of spans that end before they start, or overlap; marks them as not sound."""
    is_backwards = table["sound"] & (table["end_time"] <= table["start_time"])
    table["sound"] &= ~is_backwards
    message, allowed = "end_time is not after start_time", "a later end_time"
    backwards = Fault(file, "", "times-backwards", message, allowed)
    return row_faults(table, is_backwards, backwards) + _overlap_faults(table, file)


def _overlap_faults(table: pd.DataFrame, file: str) -> list[Fault]:
    """Faults of overlapping spans of one trip, whose departures would count twice."""
    spans = table.loc[table["sound"]].sort_values(["trip_id", "start_time"], kind="stable")
    same_trip = spans["trip_id"] == spans["trip_id"].shift()
    overlapping = spans.index[same_trip & (spans["start_time"] < spans["end_time"].shift())]
    is_overlapping = pd.Series(table.index.isin(overlapping), index=table.index)
    table.loc[overlapping, "sound"] = False
    message, allowed = "it starts before another span of the trip ends", "spans one after another"
    return row_faults(table, is_overlapping, Fault(file, "", "times-overlap", message, allowed))
