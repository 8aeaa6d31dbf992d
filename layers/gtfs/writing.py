"""Writing of stops and routes as a GTFS feed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from math import isinf
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import WGS84, to_wgs84
from geo.files import replacing
from layers.transit import TransitRoute

DECIMALS = 6
"""Decimals of degrees: about a decimetre."""
SPANS = (
    ("06:00:00", "07:00:00", "offpeak"),
    ("07:00:00", "09:00:00", "peak"),
    ("09:00:00", "17:00:00", "offpeak"),
    ("17:00:00", "19:00:00", "peak"),
    ("19:00:00", "22:00:00", "offpeak"),
)
"""Start and end of each part of the day, and the period whose headway it has."""
FIRST_SECS = 6 * 3_600
SERVICE_ID = "daily"
URL = "https://example.org"
"""GTFS requires the URL of the agency; scicity has none."""
PACKED_AT = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold, so that equal feeds give equal bytes."""

Rows = list[Sequence[Any]]


def _clock(secs: float) -> str:
    """Seconds after midnight in the format of GTFS.

    Examples
    --------
    >>> _clock(90_061)
    '25:01:01'
    """
    whole = round(secs)
    return f"{whole // 3_600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _degrees(value: float) -> str:
    return f"{value + 0.0:.{DECIMALS}f}"


def _stop_rows(stops: gpd.GeoDataFrame) -> Rows:
    points = to_wgs84(stops).geometry
    rows = zip(stops.index, stops["stop_name"], points.y, points.x, strict=True)
    head = ("stop_id", "stop_name", "stop_lat", "stop_lon")
    return [head, *((stop, name, _degrees(y), _degrees(x)) for stop, name, y, x in rows)]


def _route_rows(routes: Iterable[TransitRoute]) -> Rows:
    head = ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type")
    return [head, *((r.route_id, "1", r.line, r.route_name, r.route_type) for r in routes)]


def _directions(route: TransitRoute) -> list[tuple[int, tuple[str, ...], np.ndarray]]:
    """Direction id, stops, and arrival and departure at each, of each direction of a route."""
    forward = (0, route.stop_ids, _clocks(route.hop_secs, route.stands_secs))
    backward = (1, route.stop_ids[::-1], _clocks(route.hop_secs[::-1], route.stands_secs[::-1]))
    return [forward, backward] if route.bidirectional else [forward]


def _clocks(hops: Sequence[float], stands: Sequence[float]) -> np.ndarray:
    """Arrival and departure at each stop (n x 2) of a vehicle that leaves at `FIRST_SECS`."""
    still = np.array(stands)
    still[0] = 0.0
    arrive = FIRST_SECS + np.concatenate([[0.0], np.cumsum(np.add(hops, still[:-1]))])
    return np.column_stack([arrive, arrive + still])


def _trip_tables(routes: Iterable[TransitRoute]) -> dict[str, Rows]:
    """The tables of trips, their calls and their frequencies."""
    trips: Rows = [("route_id", "service_id", "trip_id", "direction_id", "shape_id")]
    calls: Rows = [("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")]
    frequencies: Rows = [("trip_id", "start_time", "end_time", "headway_secs", "exact_times")]
    for route in routes:
        headways = {"peak": route.headway_peak_secs, "offpeak": route.headway_offpeak_secs}
        for direction, stop_ids, clocks in _directions(route):
            trip = f"{route.route_id}-{direction}"
            shape = trip if route.shape is not None else ""
            trips.append((route.route_id, SERVICE_ID, trip, direction, shape))
            for number, (stop, clock) in enumerate(zip(stop_ids, clocks, strict=True), start=1):
                calls.append((trip, *map(_clock, clock.tolist()), stop, number))
            for start, end, period in SPANS:
                if not isinf(headways[period]):
                    frequencies.append((trip, start, end, max(round(headways[period]), 1), 0))
    return {"trips": trips, "stop_times": calls, "frequencies": frequencies}


def _shape_rows(routes: Sequence[TransitRoute], crs: Any) -> Rows:
    """The shapes of all directions; the backward one is reversed."""
    rows: Rows = [("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")]
    with_shape = [route for route in routes if route.shape is not None]
    lines = gpd.GeoSeries([route.shape for route in with_shape], crs=crs).to_crs(WGS84)
    for route, line in zip(with_shape, lines, strict=True):
        forward = shapely.get_coordinates(line)
        for direction, _, _ in _directions(route):
            for number, (x, y) in enumerate(forward[::-1] if direction else forward, start=1):
                rows.append((f"{route.route_id}-{direction}", _degrees(y), _degrees(x), number))
    return rows


def _frame_tables(agency_name: str, dates: tuple[dt.date, dt.date], lang: str) -> dict[str, Rows]:
    """The tables of the agency, the calendar and the feed."""
    first, last = (f"{date:%Y%m%d}" for date in dates)
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return {
        "agency": [
            ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
            ("1", agency_name, URL, "Asia/Shanghai", lang),
        ],
        "calendar": [
            ("service_id", *days, "start_date", "end_date"),
            (SERVICE_ID, *([1] * 7), first, last),
        ],
        "feed_info": [
            (
                *("feed_publisher_name", "feed_publisher_url", "feed_lang"),
                *("feed_start_date", "feed_end_date"),
            ),
            (agency_name, URL, lang, first, last),
        ],
    }


def _pack(path: Path, tables: Mapping[str, Rows]) -> None:
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name in sorted(tables):
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows(tables[name])
            info = zipfile.ZipInfo(f"{name}.txt", date_time=PACKED_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.getvalue().encode("utf-8"))


def write_gtfs(
    path: Path,
    stops: gpd.GeoDataFrame,
    routes: Sequence[TransitRoute],
    *,
    agency_name: str,
    dates: tuple[dt.date, dt.date],
    lang: str = "zh",
) -> None:
    """Write a feed atomically; equal routes give equal bytes.

    Every route runs every day from 06:00 to 22:00 by frequencies.txt: with its peak headway from
    07:00 to 09:00 and from 17:00 to 19:00, else with its offpeak headway; not where that is
    infinite. Routes that run in neither are left out. Times and headways are
    rounded to seconds. Values without a GTFS column are left out: `stop_access_secs`,
    `boarding_secs`, `through_routes`, English names and sources.

    Parameters
    ----------
    path
        The zip.
    stops
        Indexed by `stop_id`, `layers.transit.STOP_COLUMNS`, projected.
    routes
        Routes that call at these stops.
    agency_name
        The publisher of the feed.
    dates
        The first and the last day of its validity.
    lang
        The language of the names (BCP 47).
    """
    routes = [route for route in routes if not isinf(route.day_headway_secs)]
    tables = {
        **_frame_tables(agency_name, dates, lang),
        "stops": _stop_rows(stops),
        "routes": _route_rows(routes),
        **_trip_tables(routes),
    }
    if any(route.shape is not None for route in routes):
        tables["shapes"] = _shape_rows(routes, stops.crs)
    _pack(path, tables)
