"""The network store: what was made of OpenStreetMap, kept in the study's folder.

A store is used only if it was made from the same file with the same settings by the same edition
of the import; else it is made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.faults import BadInputError, Fault
from geo.files import replacing_folder, sha256
from geo.osm.file import Tick, check_osm_file, read_osm_file
from layers.assumptions import Assumptions
from layers.osm.network import OsmNetwork, osm_network
from layers.transit import TransitRoute

EDITION = 1
"""Raised with every change of the import that changes its tables."""
INDEX_FILE = "store.json"
LAYERS = ("nodes", "streets", "stops", "entrances", "tracks", "problems")
USED_ASSUMPTIONS = (
    "detour",
    "maxspeed_default_kph",
    "transit_speed_kph",
    "headway_default_peak_secs",
    "headway_default_offpeak_secs",
    "stop_access_default_secs",
)
"""Assumptions that the import uses."""
LISTS = ("stop_ids", "hop_secs", "through_routes", "assumed_fields")
RESTRICTION_LISTS = ("via_nodes", "via_ways")
FILES = (INDEX_FILE, *(f"{name}.parquet" for name in (*LAYERS, "routes", "restrictions")))


@dataclass(frozen=True)
class Recipe:
    """What a network is made from.

    Attributes
    ----------
    file
        OpenStreetMap elements of the place.
    place
        Polygon in longitude and latitude.
    crs
        A projected system in metres.
    modes
        `route` values whose relations become services.
    min_component_m
        Smaller parts of the street network are left out, metres.
    assumptions
        Speeds and headways where OSM tells none.
    """

    file: Path
    place: BaseGeometry
    crs: str
    modes: tuple[str, ...]
    min_component_m: float
    assumptions: Assumptions

    def key(self) -> str:
        """A hash of everything that the network depends on."""
        words = {
            "edition": EDITION,
            "file": sha256(self.file),
            "place": shapely.to_wkb(shapely.normalize(self.place), hex=True),
            "crs": self.crs,
            "modes": self.modes,
            "min_component_m": self.min_component_m,
            "assumptions": {name: _plain(self.assumptions, name) for name in USED_ASSUMPTIONS},
        }
        text = json.dumps(words, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(assumptions: Assumptions, name: str) -> Any:
    value = getattr(assumptions, name)
    return dict(value) if isinstance(value, Mapping) else value


def _route_frame(routes: Sequence[TransitRoute], crs: str) -> gpd.GeoDataFrame:
    names = [item.name for item in fields(TransitRoute) if item.name != "shape"]
    rows = [{name: getattr(route, name) for name in names} for route in routes]
    table = pd.DataFrame(rows, columns=names)
    for name in LISTS:
        table[name] = [list(value) for value in table[name]]
    return gpd.GeoDataFrame(table, geometry=[route.shape for route in routes], crs=crs)


def _routes(frame: gpd.GeoDataFrame) -> tuple[TransitRoute, ...]:
    found = []
    for row in frame.drop(columns="geometry").to_dict("records"):
        lists = {name: tuple(row[name].tolist()) for name in LISTS}
        values: dict[str, Any] = {str(k): v for k, v in row.items()} | lists
        found.append(values)
    shapes = [shape or None for shape in frame.geometry]
    return tuple(TransitRoute(**v, shape=s) for v, s in zip(found, shapes, strict=True))


def _check_own(folder: Path) -> None:
    """Raise if a folder that is about to be replaced holds anything else than a store."""
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    other = [name for name in there if name not in FILES]
    if other:
        message = f"the network store would replace a folder that holds {other[0]}"
        allowed = "keep other files elsewhere"
        raise BadInputError([Fault(folder.name, "", "store-not-alone", message, allowed)])


def write_store(network: OsmNetwork, key: str, folder: Path) -> None:
    """Write a network, whole or not at all.

    Parameters
    ----------
    network
        What is kept.
    key
        `Recipe.key()`.
    folder
        Replaced as a whole.

    Raises
    ------
    BadInputError
        If the folder holds files that are not the store's.
    """
    _check_own(folder)
    with replacing_folder(folder) as staged:
        for name in LAYERS:
            getattr(network, name).to_parquet(staged / f"{name}.parquet")
        _route_frame(network.routes, str(network.nodes.crs)).to_parquet(staged / "routes.parquet")
        network.restrictions.to_parquet(staged / "restrictions.parquet")
        systems = {name: str(getattr(network, name).crs) for name in LAYERS}
        index = {"key": key, "crs": systems | {"routes": str(network.nodes.crs)}}
        (staged / INDEX_FILE).write_text(json.dumps(index), encoding="utf-8")


def _read_layer(folder: Path, name: str, crs: str) -> gpd.GeoDataFrame:
    """A layer as GeoPandas reads it, but for the system.

    That is known, and to parse it takes longer than all else of a small layer.
    """
    table = pd.read_parquet(folder / f"{name}.parquet")
    if table.index.name:  # ids; everywhere else they are objects too
        table.index = table.index.astype(object)
    lines = shapely.from_wkb(table["geometry"].to_numpy())
    return gpd.GeoDataFrame(table.assign(geometry=lines), geometry="geometry", crs=crs)


def read_store(folder: Path, key: str) -> OsmNetwork | None:
    """The network of a store; None if there is none, it is broken, or made from something else."""
    try:
        index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
        if index["key"] != key:
            return None
        layers = {name: _read_layer(folder, name, index["crs"][name]) for name in LAYERS}
        routes = _routes(_read_layer(folder, "routes", index["crs"]["routes"]))
        restrictions = pd.read_parquet(folder / "restrictions.parquet")
        for name in RESTRICTION_LISTS:
            restrictions[name] = [list(value) for value in restrictions[name]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ShapelyError):
        return None
    return OsmNetwork(**layers, routes=routes, restrictions=restrictions)


def stored_network(recipe: Recipe, folder: Path, *, tick: Tick = lambda _: None) -> OsmNetwork:
    """The network of a recipe from its store, which is made again if it is stale.

    Parameters
    ----------
    recipe
        File, place and settings.
    folder
        The store.
    tick
        Called with the name of each step if the network has to be made.

    Raises
    ------
    BadInputError
        If the OpenStreetMap file cannot be read, or `write_store` does.
    """
    check_osm_file(recipe.file)
    key = recipe.key()
    kept = read_store(folder, key)
    if kept is not None:
        return kept
    found = read_osm_file(recipe.file, recipe.place, tick=tick)
    tick("network")
    made = osm_network(
        found,
        recipe.place,
        crs=recipe.crs,
        assumptions=recipe.assumptions,
        modes=recipe.modes,
        min_component_m=recipe.min_component_m,
    )
    tick("store")
    write_store(made, key, folder)
    # as it will be read from now on
    return read_store(folder, key) or made
