"""Stops and routes of a GTFS feed on its busiest weekday."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from geo.datums import Datum, projected_positions
from geo.faults import Fault
from layers.gtfs.feed import read_tables
from layers.gtfs.patterns import Pattern, find_patterns, frequency_spans, merged_directions
from layers.gtfs.service_days import busiest_weekday
from layers.gtfs.shape_fit import with_fitting_shapes
from layers.gtfs.trips import reference_faults, trip_visits
from layers.transit import PERIODS, TransitRoute, no_stops, stop_table

Tables = Mapping[str, pd.DataFrame]
CALENDARS = ("calendar", "calendar_dates")
MOST_NAMED = 5
"""Number of left out ids that a message names."""


def _stations(stops: pd.DataFrame, crs: str, datum: Datum) -> gpd.GeoDataFrame:
    """All stops, projected; stops without coordinates, or at 0, 0, have no geometry."""
    lon, lat = stops["stop_lon"].to_numpy(), stops["stop_lat"].to_numpy()
    has_position = np.isfinite(lon) & np.isfinite(lat) & ((lon != 0) | (lat != 0))
    points = np.full(len(stops), None, dtype=object)
    points[has_position] = shapely.points(
        projected_positions(np.column_stack([lon, lat])[has_position], crs, datum)
    )
    names = stops["stop_name"].where(stops["stop_name"] != "", stops["stop_id"])
    table = pd.DataFrame(
        {
            "stop_id": stops["stop_id"].to_numpy(dtype=object),
            "stop_name": names.to_numpy(dtype=object),
            "name_en": "",
            "accuracy_m": 0.0,
            "name_status": "confirmed",
            "confidence": "published",
        }
    )
    return gpd.GeoDataFrame(table, geometry=points, crs=crs)


def _shapes(
    tables: Tables, shape_ids: Collection[str], crs: str, datum: Datum
) -> dict[str, LineString]:
    """Shapes by id, projected."""
    if "shapes" not in tables:
        return {}
    table = tables["shapes"]
    table = table[table["sound"] & table["shape_id"].isin(shape_ids)]
    table = table.sort_values(["shape_id", "shape_pt_sequence"], kind="stable")
    table = table[table.groupby("shape_id")["shape_id"].transform("size") > 1]
    codes, ids = pd.factorize(table["shape_id"])
    places = projected_positions(table[["shape_pt_lon", "shape_pt_lat"]].to_numpy(), crs, datum)
    lines = np.array(shapely.linestrings(places, indices=codes), dtype=object)
    return dict(zip(ids.tolist(), lines.tolist(), strict=True))


def _pattern_ids(route_id: str, count: int, taken: set[str]) -> list[str]:
    """Ids for the patterns of one route: its own, and its own with a number.

    Examples
    --------
    >>> _pattern_ids("7", 3, {"7", "7:2"})
    ['7', '7:3', '7:4']
    """
    ids, number = [route_id], 2
    while len(ids) < count:
        name = f"{route_id}:{number}"
        if name not in taken:
            ids.append(name)
        number += 1
    return ids


def _transit_route(
    pattern: Pattern, route_id: str, route: Mapping[str, object], shape: LineString | None
) -> TransitRoute:
    short, long = str(route["route_short_name"]), str(route["route_long_name"])
    peak, offpeak = (pattern.headway_secs(period) for period in PERIODS)
    missing = [period for period in PERIODS if not pattern.departures[period]]
    return TransitRoute(
        route_id=route_id,
        route_name=short or long or pattern.route_id,
        name_en="",
        route_type=int(float(str(route["route_type"]))),
        line=short,
        stop_ids=pattern.stop_ids,
        hop_secs=pattern.hop_secs,
        headway_peak_secs=peak,
        headway_offpeak_secs=offpeak,
        bidirectional=pattern.bidirectional,
        confidence="published",
        assumed_fields=tuple(f"headway_{period}_secs" for period in missing),
        feed_route_id=pattern.route_id,
        shape=shape,
    )


def _transit_routes(
    patterns: Sequence[Pattern], tables: Tables, crs: str, datum: Datum
) -> list[TransitRoute]:
    """Transit routes in the order of routes.txt."""
    by_route: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        by_route.setdefault(pattern.route_id, []).append(pattern)
    shapes = _shapes(tables, {pattern.shape_id for pattern in patterns}, crs, datum)
    routes = tables["routes"]
    taken = set(routes["route_id"])
    transit_routes = []
    for route in routes[routes["sound"]].to_dict("records"):
        merged = merged_directions(by_route.get(route["route_id"], []))
        ids = _pattern_ids(route["route_id"], len(merged), taken)
        transit_routes += [
            _transit_route(pattern, name, route, shapes.get(pattern.shape_id))
            for name, pattern in zip(ids, merged, strict=False)
        ]
    return transit_routes


def _idle_warning(idle: Iterable[Pattern], file: str) -> list[Fault]:
    """One warning of all routes that are left out because they run outside both periods."""
    ids = sorted({pattern.route_id for pattern in idle})
    if not ids:
        return []
    listed = ", ".join(ids[:MOST_NAMED]) + (", …" if len(ids) > MOST_NAMED else "")
    message = f"{len(ids)} routes have trips outside both periods only, left out: {listed}"
    allowed = "departures from 07:00 to 09:00 or 10:00 to 16:00"
    return [Fault(f"{file}/stop_times.txt", "", "route-not-running", message, allowed, "warning")]


def _patterns(
    tables: Tables, stations: gpd.GeoDataFrame, file: str
) -> tuple[list[Pattern], list[Fault]]:
    """The patterns on the busiest weekday; none, and a fault, if there is no such day."""
    points = stations.geometry[stations.geometry.notna()]
    xy = zip(points.x, points.y, strict=True)
    visits, faults = trip_visits(tables, dict(zip(points.index, xy, strict=True)), file)
    trips = tables["trips"]
    counts = trips.loc[trips["sound"], "service_id"].value_counts().to_dict()
    calendars = {name: table for name, table in tables.items() if name in CALENDARS}
    day = busiest_weekday(calendars, counts)
    if day is None:
        where = f"{file}/{next(iter(calendars))}.txt"
        message, allowed = "no trip runs on a weekday", "service on Monday to Friday"
        return [], [*faults, Fault(where, "", "service-empty", message, allowed)]
    patterns = find_patterns(visits, trips, day[1], frequency_spans(tables))
    return patterns, faults + _idle_warning([p for p in patterns if not p.runs], file)


def read_gtfs(
    path: Path, crs: str, datum: Datum = None
) -> tuple[gpd.GeoDataFrame, list[TransitRoute], list[Fault]]:
    """Stops and routes of a feed on the weekday with most trips.

    Each route, direction and sequence of stops becomes one `TransitRoute`; two in opposite
    directions, with times and headways within a fifth, are merged into a bidirectional one. The
    time of a hop is the median over the day's trips, from departure to arrival.

    Parameters
    ----------
    path
        The zip.
    crs
        A projected CRS.
    datum
        The datum that the study declares for the file, see `geo.datums`.

    Returns
    -------
    GeoDataFrame
        The served stops, as of `layers.transit.stop_table`; stops without coordinates have no
        geometry (see `layers.stop_repair`).
    list of TransitRoute
    list of Fault
        Faults in `<zip>/<table>.txt`. A fault of a trip leaves out that trip only.
    """
    tables, faults = read_tables(path)
    if not tables:
        return no_stops(crs), [], faults
    faults += reference_faults(tables, path.name)
    stations = _stations(tables["stops"].drop_duplicates("stop_id"), crs, datum).set_index(
        "stop_id"
    )
    patterns, pattern_faults = _patterns(tables, stations, path.name)
    transit_routes = _transit_routes([p for p in patterns if p.runs], tables, crs, datum)
    served = {stop for route in transit_routes for stop in route.stop_ids}
    table = stop_table(stations.loc[stations.index.isin(served)].reset_index())
    transit_routes, shape_faults = with_fitting_shapes(transit_routes, table.geometry, path.name)
    return table, transit_routes, [*faults, *pattern_faults, *shape_faults]
