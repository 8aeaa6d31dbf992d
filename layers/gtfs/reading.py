"""Stops, routes and timetable of a GTFS feed on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.datums import Datum, projected_positions
from geo.faults import Fault
from layers.gtfs.blank_times import Places, positions, with_all_times
from layers.gtfs.blocks import Vehicles, next_vehicles
from layers.gtfs.patterns import Pattern, find_patterns
from layers.gtfs.plausible import possible_visits
from layers.gtfs.routes import Place, transit_routes
from layers.gtfs.service_days import ServiceDay, WantedDay, service_day
from layers.gtfs.shape_fit import with_fitting_shapes
from layers.gtfs.spans import frequency_spans, vehicles_by_trip, vehicles_of_day
from layers.gtfs.tables.feed import FeedTables, read_feeds
from layers.gtfs.tables.on_demand import named
from layers.gtfs.tables.references import reference_faults
from layers.gtfs.tables.unused import unused_parts
from layers.gtfs.timetables import Day, feed_timetable
from layers.gtfs.trips import ridden_visits, sound_visits
from layers.timetable import Timetable, empty_timetable
from layers.transit import TransitRoute, no_stops, stop_table


@dataclass(frozen=True, eq=False)
class GtfsFeed:
    """What one feed holds.

    Attributes
    ----------
    name
        The name of the zip; with the feed's folder if the zip holds several feeds.
    stops
        The served stops, as of `layers.transit.stop_table`; stops without coordinates have no
        geometry (see `layers.files.stop_repair`).
    routes
        One a route, direction and sequence of stops.
    timetable
        The trips of the day that was taken.
    faults
        In `<zip>/<table>.txt`.
    """

    name: str
    stops: gpd.GeoDataFrame = field(repr=False)
    routes: list[TransitRoute] = field(repr=False)
    timetable: Timetable
    faults: list[Fault] = field(repr=False)


def _stations(stops: pd.DataFrame, place: Place) -> gpd.GeoDataFrame:
    """All stops, projected; stops without coordinates, or at 0, 0, have no geometry."""
    lon, lat = stops["stop_lon"].to_numpy(), stops["stop_lat"].to_numpy()
    in_range = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # noqa: PLR2004 - degrees
    has_position = in_range & ((lon != 0) | (lat != 0))
    points = np.full(len(stops), None, dtype=object)
    lon_lat = np.column_stack([lon, lat])[has_position]
    points[has_position] = shapely.points(projected_positions(lon_lat, place.crs, place.datum))
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
    return gpd.GeoDataFrame(table, geometry=points, crs=place.crs)


def _places(stations: gpd.GeoDataFrame) -> Places:
    points = stations[stations.geometry.notna()]
    xy = zip(points.geometry.x, points.geometry.y, strict=True)
    return dict(zip(points["stop_id"], xy, strict=True))


def _idle_warning(patterns: Iterable[Pattern], file: str) -> list[Fault]:
    """One warning of all routes of which nothing runs in the two periods."""
    runs: dict[str, bool] = {}
    for pattern in patterns:
        runs[pattern.route_id] = runs.get(pattern.route_id, False) or pattern.runs
    idle = sorted(route for route, does in runs.items() if not does)
    if not idle:
        return []
    message = f"{len(idle)} routes run outside both periods only: {named(idle)}"
    allowed = "departures from 07:00 to 09:00 or 10:00 to 16:00"
    return [Fault(f"{file}/stop_times.txt", "", "route-not-running", message, allowed, "warning")]


def _vehicles(
    feed: FeedTables, places: Places, spans: pd.DataFrame, day: ServiceDay
) -> tuple[Vehicles, list[Fault]]:
    """The vehicles of the day with times at all calls, and faults of the trips left out."""
    file = f"{feed.name}/stop_times.txt"
    visits, faults = sound_visits(feed.tables, file)
    runs = visits.trips["service_id"].isin(day.today | day.day_before)
    visits = visits.of(runs.to_numpy(dtype=bool))
    at = positions(visits, places)
    visits, at, impossible = possible_visits(visits, at, feed.tables["routes"], file)
    ridden, idle = ridden_visits(with_all_times(visits, at))
    services = ridden.trips["service_id"]
    table = vehicles_of_day(
        ridden,
        spans,
        today=services.isin(day.today).to_numpy(dtype=bool),
        day_before=services.isin(day.day_before).to_numpy(dtype=bool),
    )
    return Vehicles(ridden, table), [*faults, *impossible, *unused_parts(feed, idle)]


def _day_of(
    feed: FeedTables, spans: pd.DataFrame, wanted: WantedDay | None
) -> tuple[ServiceDay | None, list[Fault]]:
    trips = feed.tables["trips"]
    sound = trips.loc[trips["sound"], ["trip_id", "route_id", "service_id"]]
    counts = sound.assign(vehicles=vehicles_by_trip(sound["trip_id"], spans))
    return service_day(feed.tables, counts, wanted, feed.name)


def _read_feed(feed: FeedTables, place: Place, wanted: WantedDay | None) -> GtfsFeed:
    empty = GtfsFeed(feed.name, no_stops(place.crs), [], empty_timetable(), feed.faults)
    if not feed.tables:
        return empty
    faults = [*feed.faults, *reference_faults(feed.tables, feed.name)]
    stations = _stations(feed.tables["stops"].drop_duplicates("stop_id"), place)
    places, spans = _places(stations), frequency_spans(feed.tables)
    day, day_faults = _day_of(feed, spans, wanted)
    if day is None:
        _, trip_faults = sound_visits(feed.tables, f"{feed.name}/stop_times.txt")
        return replace(empty, faults=[*faults, *trip_faults, *day_faults])
    vehicles, trip_faults = _vehicles(feed, places, spans, day)
    if not len(vehicles.table):
        message, allowed = f"no trip of {day.date} is left", "a trip without faults"
        lost = Fault(f"{feed.name}/trips.txt", "", "service-empty", message, allowed)
        return replace(empty, faults=[*faults, *trip_faults, *day_faults, lost])
    patterns = find_patterns(vehicles)
    services = transit_routes(patterns, feed.tables, place)
    follows, block_faults = next_vehicles(vehicles, feed.tables, places, feed.name)
    timetable = feed_timetable(
        Day(feed.name, day.date), vehicles, follows, services=services, tables=feed.tables
    )
    routes = [route for _, route in services]
    served = list({stop for route in routes for stop in route.stop_ids})
    table = stop_table(stations[stations["stop_id"].isin(served)])
    routes, shape_faults = with_fitting_shapes(routes, table.geometry, feed.name)
    faults += [
        *shape_faults,
        *trip_faults,
        *day_faults,
        *block_faults,
        *_idle_warning(patterns, feed.name),
    ]
    return GtfsFeed(feed.name, table, routes, timetable, faults)


def read_gtfs(
    path: Path, crs: str, datum: Datum = None, *, wanted: WantedDay | None = None
) -> list[GtfsFeed]:
    """The feeds of a zip on one day: one, or one for each folder that holds one.

    Each route, direction and sequence of stops becomes one `TransitRoute`; two in opposite
    directions, with times and headways within a fifth, are merged into a bidirectional one. Its
    times are those of the mean run of the peak (of the other period, of the day). All trips of the
    day are in the timetable, and those of the day before that still run.

    Parameters
    ----------
    path
        The zip.
    crs
        A projected CRS.
    datum
        The datum that the study declares for the file, see `geo.datums`.
    wanted
        The day, see `layers.gtfs.service_days.service_day`; None for the normal workday with most
        vehicles.

    Returns
    -------
    list of GtfsFeed
        One with faults only if the zip cannot be read. A fault of a trip leaves out that trip
        only, with a warning.
    """
    return [_read_feed(feed, Place(crs, datum), wanted) for feed in read_feeds(path)]
