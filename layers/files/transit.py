"""Stops and routes of all the files that a study names: GeoJSON, tables and GTFS feeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.datums import Datum
from geo.faults import Fault
from layers.files.transit_csv import read_transit_csv
from layers.gtfs.reading import read_gtfs
from layers.stop_order import order_faults, speed_faults
from layers.stop_repair import sound_stops
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
class _Part:
    """What one file holds."""

    path: Path
    stops: gpd.GeoDataFrame
    routes: list[TransitRoute]
    faults: list[Fault]

    @property
    def is_feed(self) -> bool:
        """Whether it is a GTFS feed."""
        return self.path.suffix.lower() == FEED


def _read_geojson(
    path: Path, crs: str, datum: Datum, *, repair: bool
) -> tuple[gpd.GeoDataFrame, list[TransitRoute], list[Fault]]:
    """Stations and routes; with `repair` a station may be without geometry."""
    stations = replace(STATIONS, placeless=repair)
    tables, faults = read_by_element(path, {"station": stations, "route": ROUTES}, datum=datum)
    routes, wrong = as_routes(tables["route"], path.name)
    return stop_table(tables["station"].to_crs(crs)), routes, [*faults, *wrong]


def _read(path: Path, crs: str, datum: Datum, *, repair: bool) -> _Part:
    ending = path.suffix.lower()
    if ending == FEED:
        return _Part(path, *read_gtfs(path, crs, datum))
    if ending == ".csv":
        return _Part(path, *read_transit_csv(path, crs, datum))
    if ending in ENDINGS:
        return _Part(path, *_read_geojson(path, crs, datum, repair=repair))
    message, allowed = f"its name ends in {path.suffix!r}", ", ".join(ENDINGS)
    fault = Fault(path.name, "", "file-kind-unknown", message, allowed)
    return _Part(path, no_stops(crs), [], [fault])


def _new_names(ids: Collection[str], taken: set[str], stem: str) -> dict[str, str]:
    """Ids, with the stem before those that are taken.

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


def _renamed(part: _Part, stops: set[str], routes: set[str]) -> _Part:
    """A feed whose ids are not those of other files."""
    stem = part.path.stem
    stop_names = _new_names(list(part.stops.index), stops, stem)
    route_names = _new_names([route.route_id for route in part.routes], routes, stem)
    renamed = [
        replace(
            route,
            route_id=route_names[route.route_id],
            stop_ids=tuple(stop_names[stop] for stop in route.stop_ids),
        )
        for route in part.routes
    ]
    return replace(part, stops=part.stops.rename(index=stop_names), routes=renamed)


def _without_clashes(parts: Sequence[_Part]) -> list[_Part]:
    """Ids of feeds give way to those of other files, and to those of feeds before them."""
    own = [part for part in parts if not part.is_feed]
    stops = {str(stop) for part in own for stop in part.stops.index}
    routes = {route.route_id for part in own for route in part.routes}
    found = []
    for part in parts:
        renamed = _renamed(part, stops, routes) if part.is_feed else part
        found.append(renamed)
        stops |= set(renamed.stops.index)
        routes |= {route.route_id for route in renamed.routes}
    return found


def _order_faults(
    parts: Sequence[_Part], stops: gpd.GeoDataFrame, nowhere: set[str]
) -> list[Fault]:
    """Stops that do not exist or are out of order; a feed's order is a timetable's, so warned of.

    A stop that is nowhere has been told already.
    """
    places = dict(zip(stops.index, stops.geometry, strict=True))
    faults = []
    for part in parts:
        for route in part.routes:
            if nowhere.isdisjoint(route.stop_ids):
                found = order_faults(route.route_id, route.stop_ids, places, part.path.name)
                faults += [replace(f, severity="warning") if part.is_feed else f for f in found]
                faults += speed_faults(
                    route.route_id,
                    route.stop_ids,
                    route.hop_secs,
                    places=places,
                    file=part.path.name,
                )
    return faults


def _one_table(parts: Sequence[_Part], crs: str) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The stops of all files, and those that stand in two."""
    tables = [part.stops for part in parts]
    stops = gpd.GeoDataFrame(
        pd.concat(tables) if tables else no_stops(crs), geometry="geometry", crs=crs
    )
    again = stops.index[stops.index.duplicated()]
    faults = [Fault("", str(stop), "id-duplicate", "a stop of two files") for stop in again]
    return stops[~stops.index.duplicated()], faults


def _files(parts: Sequence[_Part]) -> Mapping[str, str]:
    """The first file in which each stop stands."""
    return {stop: part.path.name for part in reversed(parts) for stop in part.stops.index}


def read_transit(
    paths: Sequence[Path], crs: str, *, repair: bool = False, datums: Sequence[Datum] = ()
) -> tuple[gpd.GeoDataFrame, list[TransitRoute], list[Fault]]:
    """Stops and routes of all files together.

    Parameters
    ----------
    paths
        Files; what is in one follows from the ending of its name: GeoJSON (`.geojson`, `.json`),
        a table (`.csv`) or a GTFS feed (`.zip`). Ids of a feed that clash with others get the
        file's stem before them.
    crs
        A projected system.
    repair
        Whether stops without a place, or where no bus can go, are put between their neighbours.
    datums
        Of each file, as the study declares them, see `geo.datums`; none for undeclared ones.

    Returns
    -------
    GeoDataFrame
        Stops, indexed by `stop_id`, projected.
    list of TransitRoute
    list of Fault
    """
    declared = zip(paths, datums or [None] * len(paths), strict=True)
    parts = _without_clashes([_read(path, crs, datum, repair=repair) for path, datum in declared])
    faults = [fault for part in parts for fault in part.faults]
    stops, wrong = _one_table(parts, crs)
    routes = [route for part in parts for route in part.routes]
    table, told = sound_stops(stops, routes, repair=repair, files=_files(parts))
    nowhere = set(stops.index) - set(table.index)
    faults += [*wrong, *told, *_order_faults(parts, table, nowhere)]
    known = [route for route in routes if np.isin(route.stop_ids, table.index).all()]
    return table, known, faults
