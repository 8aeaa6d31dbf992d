"""Bus routes from a CSV table, one row a call at a stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import dist
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import lonlat_of
from geo.datums import Datum, projected_positions
from geo.faults import Fault
from layers.files.transit_rows import Row, read_rows
from layers.transit import TransitRoute, no_stops, stop_table

DETOUR, SPEED_KPH = 1.3, 17.0
"""For hops without a time; the speed is that of buses in `layers.assumptions`."""
LONGEST_HOP_SECS = 7_200.0
HEADWAYS_SECS = {"headway_peak_secs": 900.0, "headway_offpeak_secs": 1_200.0}
"""For routes without a headway."""
SAME_STOP_M = 500.0
"""Largest distance between the positions of one stop in several rows; the first counts."""


def _stations(
    rows: Sequence[Row], crs: str, datum: Datum, file: str
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Stops at their first given position, and faults of rows that place them elsewhere."""
    first: dict[str, Row] = {}
    for row in rows:
        known = first.setdefault(row["stop_id"], row)
        if known["lon"] is None and row["lon"] is not None:
            first[row["stop_id"]] = row
    lonlat = np.array([[row["lon"], row["lat"]] for row in rows], dtype=float).reshape(-1, 2)
    positions = projected_positions(lonlat, crs, datum)
    position_of = {row["row"]: position for row, position in zip(rows, positions, strict=True)}
    faults = []
    for row in rows:
        metres = dist(position_of[row["row"]], position_of[first[row["stop_id"]]["row"]])
        if row["lon"] is not None and metres > SAME_STOP_M:
            message = f"stop {row['stop_id']!r} is {metres:.0f} m from where it is first"
            allowed = f"lon, lat within 0 to {SAME_STOP_M:g} m"
            (x, y), row_name = position_of[row["row"]], f"row {row['row']}"
            position = lonlat_of(x, y, crs)
            faults.append(
                Fault(
                    file,
                    row_name,
                    "stop-moved",
                    message,
                    allowed,
                    place=position,
                    value=round(metres),
                )
            )
    columns = ["stop_id", "stop_name", "accuracy_m", "confidence"]
    table = pd.DataFrame.from_records(list(first.values()), columns=columns)
    table = table.assign(name_en="", name_status="confirmed")
    points = [
        None if row["lon"] is None else shapely.Point(position_of[row["row"]])
        for row in first.values()
    ]
    return stop_table(gpd.GeoDataFrame(table, geometry=points, crs=crs)), faults


def _hop_metres(points: Sequence[Any]) -> np.ndarray:
    """Straight metres between stops; stops without a position are placed evenly in between."""
    xy = np.array([(np.nan, np.nan) if p is None else (p.x, p.y) for p in points])
    known, numbers = np.isfinite(xy[:, 0]), np.arange(len(xy))
    if not known.any():
        return np.zeros(len(xy) - 1)
    interpolated = np.column_stack([np.interp(numbers, numbers[known], c[known]) for c in xy.T])
    return np.array([dist(a, b) for a, b in pairwise(interpolated)])


def _route(visits: Sequence[Row], stops: gpd.GeoDataFrame) -> TransitRoute:
    """A route from its rows."""
    head = visits[0]
    calls = sorted(visits, key=lambda row: row["stop_sequence"])
    ids = tuple(row["stop_id"] for row in calls)
    secs_by_distance = (
        _hop_metres(stops.geometry.loc[list(ids)].tolist()) * DETOUR / (SPEED_KPH / 3.6)
    )
    guesses = np.clip(secs_by_distance, 1.0, LONGEST_HOP_SECS).round(1).tolist()
    given_secs = [row["hop_secs"] for row in calls[1:]]
    hops = [
        guess if secs is None else secs for guess, secs in zip(guesses, given_secs, strict=True)
    ]
    assumed = ["hop_secs"] if None in given_secs else []
    assumed += [name for name in HEADWAYS_SECS if head[name] is None]
    headways: dict[str, Any] = {
        n: head[n] if head[n] is not None else s for n, s in HEADWAYS_SECS.items()
    }
    names: tuple[str, ...] = (
        "route_id",
        "route_name",
        "route_type",
        "line",
        "bidirectional",
        "confidence",
    )
    return TransitRoute(
        **{name: head[name] for name in names},
        name_en="",
        stop_ids=ids,
        hop_secs=tuple(map(float, hops)),
        assumed_fields=tuple(assumed),
        **headways,
    )


def _route_faults(visits: Sequence[Row], file: str) -> list[Fault]:
    """Faults of repeated values of `stop_sequence`, and of routes with one stop."""
    seen: Mapping[int, int] = {row["stop_sequence"]: row["row"] for row in reversed(visits)}
    faults = []
    for row in visits:
        other = seen[row["stop_sequence"]]
        if other != row["row"]:
            message = f"stop_sequence {row['stop_sequence']} is that of row {other} too"
            where = f"row {row['row']}"
            faults.append(Fault(file, where, "id-duplicate", message, "once in a route"))
    if len(visits) == 1:
        message = f"route {visits[0]['route_id']!r} has 1 stop_sequence"
        where = f"row {visits[0]['row']}"
        faults.append(Fault(file, where, "hops-do-not-fit", message, "two stops or more"))
    return faults


def read_transit_csv(
    path: Path, crs: str, datum: Datum = None
) -> tuple[gpd.GeoDataFrame, list[TransitRoute], list[Fault]]:
    """Stops and routes of a table with one row for each call at a stop.

    Parameters
    ----------
    path
        CSV in UTF-8 or GB18030, columns as in `layers.files.transit_rows.FIELDS`. Values of a
        route are taken from its first row, those of a stop from its first row with a position.
    crs
        A projected CRS.
    datum
        The datum that the study declares for the file, see `geo.datums`.

    Returns
    -------
    GeoDataFrame
        As `layers.transit.stop_table`; stops without coordinates have no geometry.
    list of TransitRoute
        Times and headways that the table lacks are listed in `assumed_fields`.
    list of Fault
        By row, the head is row 1; a route with an invalid row is left out.
    """
    rows, faults = read_rows(path)
    if not rows:
        return no_stops(crs), [], faults
    stops, more_faults = _stations(rows, crs, datum, path.name)
    by_route: dict[str, list[Row]] = {}
    for row in rows:
        by_route.setdefault(row["route_id"], []).append(row)
    routes = []
    for visits in by_route.values():
        route_faults = _route_faults(visits, path.name)
        more_faults += route_faults
        if not route_faults:
            routes.append(_route(visits, stops))
    return stops, routes, [*faults, *more_faults]
