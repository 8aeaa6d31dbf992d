"""Reading of the transit files of a study: GeoJSON, CSV tables and GTFS feeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd

from geo.datums import Datum
from geo.faults import Fault
from layers.files.feed_store import stored_gtfs
from layers.files.shared_stops import repeated_routes, shared_stops
from layers.files.stop_repair import sound_stops
from layers.files.transit_csv import read_transit_csv
from layers.gtfs.reading import GtfsFeed
from layers.gtfs.service_days import WantedDay
from layers.stop_order import order_faults, speed_faults
from layers.timetable import Timetable, empty_timetable, joined_timetables
from layers.transit import (
    ROUTES,
    STATIONS,
    TransitRoute,
    as_routes,
    no_stops,
    read_by_element,
    stop_table,
)

FEED = ".zip"
ENDINGS = (".geojson", ".json", ".csv", FEED)


@dataclass(frozen=True)
class _TransitFile:
    """The content of one file, or of one feed of a zip."""

    path: Path
    stops: gpd.GeoDataFrame
    routes: list[TransitRoute]
    faults: list[Fault]
    timetable: Timetable = field(default_factory=empty_timetable)
    folder: str = ""

    @property
    def is_feed(self) -> bool:
        """Whether it is a GTFS feed."""
        return self.path.suffix.lower() == FEED

    @property
    def prefix(self) -> str:
        """What is put before ids of a feed that other files have too."""
        return self.folder or self.path.stem


def _read_geojson(
    path: Path, crs: str, datum: Datum, *, repair: bool
) -> tuple[gpd.GeoDataFrame, list[TransitRoute], list[Fault]]:
    """Stations and routes of a GeoJSON file; with `repair` a station may lack a geometry."""
    stations = replace(STATIONS, placeless=repair)
    tables, faults = read_by_element(path, {"station": stations, "route": ROUTES}, datum=datum)
    routes, route_faults = as_routes(tables["route"], path.name)
    return stop_table(tables["station"].to_crs(crs)), routes, [*faults, *route_faults]


def _of_feed(path: Path, feed: GtfsFeed) -> _TransitFile:
    folder = feed.name.removeprefix(path.name).strip("/")
    return _TransitFile(path, feed.stops, feed.routes, feed.faults, feed.timetable, folder)


def _read(path: Path, crs: str, datum: Datum, *, repair: bool) -> _TransitFile:
    """A file that is no feed."""
    ending = path.suffix.lower()
    if ending == ".csv":
        return _TransitFile(path, *read_transit_csv(path, crs, datum))
    if ending in ENDINGS:
        return _TransitFile(path, *_read_geojson(path, crs, datum, repair=repair))
    message, allowed = f"its name ends in {path.suffix!r}", ", ".join(ENDINGS)
    fault = Fault(path.name, "", "file-kind-unknown", message, allowed)
    return _TransitFile(path, no_stops(crs), [], [fault])


def _new_names(ids: Collection[str], taken: set[str], stem: str) -> dict[str, str]:
    """New names of ids: those that are taken get the stem as a prefix.

    Examples
    --------
    >>> _new_names(["1", "2"], {"1"}, "city")
    {'1': 'city:1', '2': '2'}
    """
    names, used = {}, taken | set(ids)
    for name in ids:
        new = name
        while new in (taken if new == name else used):
            new = f"{stem}:{new}"
        names[name] = new
        used.add(new)
    return names


def _with_unique_ids(feed: _TransitFile, stops: set[str], routes: set[str]) -> _TransitFile:
    """A feed with its ids renamed where other files use them."""
    stem = feed.prefix
    stop_names = _new_names(list(feed.stops.index), stops, stem)
    route_names = _new_names([route.route_id for route in feed.routes], routes, stem)
    if all(new == name for names in (stop_names, route_names) for name, new in names.items()):
        return feed
    renamed = [
        replace(
            route,
            route_id=route_names[route.route_id],
            feed_route_id=route_names.get(route.feed_route_id, route.feed_route_id),
            stop_ids=tuple(stop_names[stop] for stop in route.stop_ids),
        )
        for route in feed.routes
    ]
    return replace(
        feed,
        stops=feed.stops.rename(index=stop_names),
        routes=renamed,
        timetable=feed.timetable.renamed(stop_names, route_names),
    )


def _with_all_ids_unique(files: Sequence[_TransitFile]) -> list[_TransitFile]:
    """Files with unique ids: a feed's ids are renamed if another file or earlier feed has them."""
    others = [file for file in files if not file.is_feed]
    stops = {str(stop) for file in others for stop in file.stops.index}
    routes = {route.route_id for file in others for route in file.routes}
    unique = []
    for file in files:
        renamed = _with_unique_ids(file, stops, routes) if file.is_feed else file
        unique.append(renamed)
        stops |= set(renamed.stops.index)
        routes |= {route.route_id for route in renamed.routes}
    return unique


def _order_faults(
    files: Sequence[_TransitFile], stops: gpd.GeoDataFrame, nowhere: set[str]
) -> list[Fault]:
    """Faults of stops that do not exist or are out of order; only warnings for feeds.

    The order in a feed is that of a timetable. Stops without a position are reported already.
    """
    places = dict(zip(stops.index, stops.geometry, strict=True))
    faults = []
    for file in files:
        for route in file.routes:
            if nowhere.isdisjoint(route.stop_ids):
                stop_faults = order_faults(route, places, file.path.name)
                faults += [
                    replace(f, severity="warning") if file.is_feed else f for f in stop_faults
                ]
                faults += speed_faults(route, places, file.path.name, of_feed=file.is_feed)
    return faults


def _files(files: Sequence[_TransitFile]) -> Mapping[str, str]:
    """The first file of each stop."""
    return {stop: file.path.name for file in reversed(files) for stop in file.stops.index}


def read_transit(
    paths: Sequence[Path],
    crs: str,
    *,
    repair: bool = False,
    datums: Sequence[Datum] = (),
    wanted: WantedDay | None = None,
    store: Path | None = None,
) -> tuple[gpd.GeoDataFrame, list[TransitRoute], Timetable, list[Fault]]:
    """Stops, routes and timetable of all transit files.

    Parameters
    ----------
    paths
        Files; the format follows from the ending: GeoJSON (`.geojson`, `.json`), a table (`.csv`)
        or a zip of GTFS feeds (`.zip`). Ids of a feed that clash with others get the file's stem
        as a prefix, or the feed's folder if the zip holds several. Other files may share a stop
        that has one place, see `layers.files.shared_stops`.
    crs
        A projected CRS.
    repair
        Whether stops without a position, or at an impossible one, are placed between neighbours.
    datums
        The datum that the study declares for each file, see `geo.datums`; empty if undeclared.
    wanted
        The day whose timetable is taken of each feed, see `layers.gtfs.service_days.service_day`.
    store
        Folder where feeds that were read are kept for the next time; None keeps nothing.

    Returns
    -------
    GeoDataFrame
        Stops, indexed by `stop_id`, projected.
    list of TransitRoute
    Timetable
        The trips of the feeds; without feeds it has none.
    list of Fault
    """
    read = []
    for path, datum in zip(paths, datums or [None] * len(paths), strict=True):
        if path.suffix.lower() == FEED:
            feeds = stored_gtfs(path, crs, datum, wanted=wanted, folder=store)
            read += [_of_feed(path, feed) for feed in feeds]
        else:
            read.append(_read(path, crs, datum, repair=repair))
    files = _with_all_ids_unique(read)
    faults = [fault for file in files for fault in file.faults]
    stops, shared_faults = shared_stops([(file.path.name, file.stops) for file in files], crs)
    faults += repeated_routes((file.path.name, [r.route_id for r in file.routes]) for file in files)
    routes = [route for file in files for route in file.routes]
    table, position_faults = sound_stops(stops, routes, repair=repair, files=_files(files))
    nowhere = set(stops.index) - set(table.index)
    faults += [*shared_faults, *position_faults, *_order_faults(files, table, nowhere)]
    placed = set(table.index)
    with_stops = [route for route in routes if placed.issuperset(route.stop_ids)]
    timetable = joined_timetables([file.timetable for file in files])
    return table, with_stops, timetable.of_routes({r.route_id for r in with_stops}), faults
