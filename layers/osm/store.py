"""The network store: the network imported from OpenStreetMap, cached in the study folder.

A store is used only if it was built from the same file with the same settings by the same edition
of the import; else it is built again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
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
from layers.files.stored_tables import read_layer, route_frame, routes_of
from layers.osm.network import OsmNetwork, osm_network

EDITION = 1
"""Incremented with every change of the import that changes its tables."""
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
RESTRICTION_LISTS = ("via_nodes", "via_ways")
FILES = (INDEX_FILE, *(f"{name}.parquet" for name in (*LAYERS, "routes", "restrictions")))


@dataclass(frozen=True)
class Recipe:
    """The inputs from which a network is built.

    Attributes
    ----------
    file
        OpenStreetMap elements of the place.
    place
        Polygon in longitude and latitude.
    crs
        A projected CRS in metres.
    modes
        `route` values whose relations become routes.
    min_component_m
        Components of the street network with fewer metres are left out.
    assumptions
        Speeds and headways for missing tags.
    """

    file: Path
    place: BaseGeometry
    crs: str
    modes: tuple[str, ...]
    min_component_m: float
    assumptions: Assumptions

    def key(self) -> str:
        """A hash of everything that the network depends on."""
        inputs = {
            "edition": EDITION,
            "file": sha256(self.file),
            "place": shapely.to_wkb(shapely.normalize(self.place), hex=True),
            "crs": self.crs,
            "modes": self.modes,
            "min_component_m": self.min_component_m,
            "assumptions": {
                name: _plain_value(self.assumptions, name) for name in USED_ASSUMPTIONS
            },
        }
        text = json.dumps(inputs, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain_value(assumptions: Assumptions, name: str) -> Any:
    value = getattr(assumptions, name)
    return dict(value) if isinstance(value, Mapping) else value


def _check_store_folder(folder: Path) -> None:
    """Raise if a folder that is about to be replaced holds other files than a store."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    foreign = [name for name in names if name not in FILES]
    if foreign:
        message = f"the network store would replace a folder that holds {foreign[0]}"
        allowed = "keep other files elsewhere"
        raise BadInputError([Fault(folder.name, "", "store-not-alone", message, allowed)])


def write_store(network: OsmNetwork, key: str, folder: Path) -> None:
    """Write a network atomically.

    Parameters
    ----------
    network
        The network to store.
    key
        `Recipe.key()`.
    folder
        The folder of the store, which is replaced.

    Raises
    ------
    BadInputError
        If the folder holds files that do not belong to a store.
    """
    _check_store_folder(folder)
    with replacing_folder(folder) as staged:
        for name in LAYERS:
            getattr(network, name).to_parquet(staged / f"{name}.parquet")
        route_frame(network.routes, str(network.nodes.crs)).to_parquet(staged / "routes.parquet")
        network.restrictions.to_parquet(staged / "restrictions.parquet")
        systems = {name: str(getattr(network, name).crs) for name in LAYERS}
        index = {"key": key, "crs": systems | {"routes": str(network.nodes.crs)}}
        (staged / INDEX_FILE).write_text(json.dumps(index), encoding="utf-8")


def _read_layer(folder: Path, name: str, crs: str) -> gpd.GeoDataFrame:
    layer = read_layer(folder / f"{name}.parquet", crs)
    if layer.index.name:  # ids have dtype object everywhere else too
        layer.index = layer.index.astype(object)
    return layer


def read_store(folder: Path, key: str) -> OsmNetwork | None:
    """The network of a store; None if it is missing, broken, or built from other inputs."""
    try:
        index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
        if index["key"] != key:
            return None
        layers = {name: _read_layer(folder, name, index["crs"][name]) for name in LAYERS}
        routes = tuple(routes_of(read_layer(folder / "routes.parquet", index["crs"]["routes"])))
        restrictions = pd.read_parquet(folder / "restrictions.parquet")
        for name in RESTRICTION_LISTS:
            restrictions[name] = [list(value) for value in restrictions[name]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ShapelyError):
        return None
    return OsmNetwork(**layers, routes=routes, restrictions=restrictions)


def stored_network(recipe: Recipe, folder: Path, *, tick: Tick = lambda _: None) -> OsmNetwork:
    """The network of a recipe from its store, which is rebuilt if it is stale.

    Parameters
    ----------
    recipe
        The file, the place and the settings.
    folder
        The folder of the store.
    tick
        Called with the name of each step if the network has to be built.

    Raises
    ------
    BadInputError
        If the OpenStreetMap file cannot be read, or from `write_store`.
    """
    check_osm_file(recipe.file)
    key = recipe.key()
    stored = read_store(folder, key)
    if stored is not None:
        return stored
    elements = read_osm_file(recipe.file, recipe.place, tick=tick)
    tick("network")
    network = osm_network(
        elements,
        recipe.place,
        crs=recipe.crs,
        assumptions=recipe.assumptions,
        modes=recipe.modes,
        min_component_m=recipe.min_component_m,
    )
    tick("store")
    write_store(network, key, folder)
    # the network as later runs will read it
    return read_store(folder, key) or network
