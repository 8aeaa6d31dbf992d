"""Small pieces of OpenStreetMap drawn in ASCII.

A drawing holds nodes only: letters, on the grid of `ascii_worlds` (four characters across or two
lines down are `scale_m` metres); what else it holds is for the eye. Ways are strings of letters
with their tags, or with their class alone; an apostrophe makes a second way of the same nodes. The
members of a relation are ways, nodes with their role (`A:stop`) and other relations (`#9`). A
letter that is not in the drawing is a node that is not in the data, a word of lower-case letters
in angle brackets a way that is not. Ids are numbers: of a node its letter's code, of ways and
relations 1, 2, 3 in the order they are written.

>>> here = osm_world('''
... A---B---C
...     |
...     D
... ''', {"ABC": TEN_MPS, "BD": "footway"})
>>> drawn(here.streets())
['AB', 'BC', 'BD']
>>> float(here.secs("AC")), float(here.secs("AD", "walk"))  # 200 m at 10 m/s and at 1 m/s
(20.0, 200.0)
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from coordinates import CRS, point
from easy_values import EASY
from network_parts import stops
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from travel_times_between import times

from analysis.graph.travel import Mode
from geo.crs import WGS84
from geo.osm.elements import Kind, Member, OsmElements, Relation, Tags, elements_from_dicts
from geo.osm.selection import ROUTES
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.osm.network import OsmNetwork, osm_network
from layers.osm.problems import Problem
from layers.osm.roads.streets import OsmStreets, osm_streets
from layers.osm.transit.routes import OsmRoutes, osm_routes
from layers.roads import road_network
from layers.transit import TransitRoute

EVERYWHERE = shapely.box(106.0, 29.0, 107.0, 30.0)
NEAR_M = 0.05
"""OSM's positions are on a grid of a centimetre."""
TEN_MPS = {"highway": "primary", "maxspeed": "36"}
_TO_LONLAT = Transformer.from_crs(CRS, WGS84, always_xy=True)


def lonlat_at(east_m: float, south_m: float) -> tuple[float, float]:
    """Degrees of a point so far from the first character of a drawing, as OSM stores them."""
    spot = point(east_m, south_m)
    lon, lat = _TO_LONLAT.transform(spot.x, spot.y)
    return round(lon, 7), round(lat, 7)


def box(left_m: float, top_m: float, right_m: float, bottom_m: float) -> BaseGeometry:
    """A place in longitude and latitude, by metres right of and below the first character."""
    corners = [(left_m, top_m), (right_m, top_m), (right_m, bottom_m), (left_m, bottom_m)]
    return shapely.Polygon([lonlat_at(*corner) for corner in corners])


@dataclass(frozen=True)
class OsmWorld:
    """Elements, and where the drawing's letters are (projected)."""

    found: OsmElements
    places: gpd.GeoSeries

    def network(self, place: BaseGeometry = EVERYWHERE, **values: Any) -> OsmNetwork:
        """Everything that a study takes; no part of the streets is too small."""
        wanted = {"assumptions": EASY, "modes": ROUTES, "min_component_m": 0.0, **values}
        return osm_network(self.found, place, crs=CRS, **wanted)

    def roads(
        self, place: BaseGeometry = EVERYWHERE, *, min_component_m: float = 0.0, **values: Any
    ) -> OsmStreets:
        """Streets with their nodes and problems."""
        wanted = {"crs": CRS, "assumptions": EASY, **values}
        return osm_streets(self.found, place, min_component_m=min_component_m, **wanted)

    def streets(self, place: BaseGeometry = EVERYWHERE, **values: Any) -> gpd.GeoDataFrame:
        """The street table by `osmid`."""
        return self.roads(place, **values).table.set_index("osmid")

    def transport(self, place: BaseGeometry = EVERYWHERE) -> TransportNetwork:
        """Streets as the analysis takes them, without any service."""
        found = self.roads(place)
        nowhere = stops(gpd.GeoSeries([], index=[], crs=CRS))
        return TransportNetwork(road_network(found.nodes, found.table), nowhere, ())

    def secs(self, pair: str, mode: Mode = "drive") -> float:
        """Seconds between two letters off the peak; infinite if there is no way."""
        start, end = pair
        found = times(self.transport(), self.places[[start, end]], mode=mode, period="offpeak")
        return round(float(found.loc[start, end]), 1)

    def lines(
        self,
        place: BaseGeometry = EVERYWHERE,
        *,
        modes: Sequence[str] = ROUTES,
        assumptions: Assumptions = EASY,
    ) -> OsmRoutes:
        """Services with their stops and problems."""
        return osm_routes(self.found, place, crs=CRS, assumptions=assumptions, modes=modes)

    def route(self, place: BaseGeometry = EVERYWHERE, **values: Any) -> TransitRoute:
        """The only service."""
        [only] = self.lines(place, **values).routes
        return only


def _spots(drawing: str, scale_m: float) -> dict[str, tuple[float, float]]:
    """Metres right of and below the first character, by letter."""
    rows = textwrap.dedent(drawing).strip("\n").splitlines()
    return {
        mark: (column * scale_m / 4, row * scale_m / 2)
        for row, line in enumerate(rows)
        for column, mark in enumerate(line)
        if mark.isalpha()
    }


def _letters(way: str) -> list[int]:
    return [ord(mark) for mark in way if mark.isalpha()]


def _member(word: str, way_ids: Mapping[str, int]) -> Member:
    """`A:stop` a node, `ABC` or `ABC:forward` a way, `#9` a relation, `<gone>` a missing way."""
    name, _, role = word.partition(":")
    kind: Kind = "relation" if name.startswith("#") else "node" if len(name) == 1 else "way"
    if kind == "relation":
        return Member(kind, int(name[1:]), role)
    if kind == "node":
        return Member(kind, ord(name), role)
    return Member(kind, 999_999 if name.startswith("<") else way_ids[name], role)


def osm_world(
    drawing: str,
    ways: Mapping[str, Tags | str],
    *,
    nodes: Mapping[str, Tags] | None = None,
    relations: Sequence[tuple[Tags, str]] = (),
    scale_m: float = 100.0,
) -> OsmWorld:
    """Elements from a drawing, see the head of this file.

    Parameters
    ----------
    drawing
        Where the nodes are.
    ways
        Tags, or the value of `highway`, by the letters of the nodes.
    nodes
        Tags by letter.
    relations
        Tags, and members in one string.
    scale_m
        Metres of four characters across or two lines down.
    """
    spots = _spots(drawing, scale_m)
    places = {mark: lonlat_at(*spot) for mark, spot in spots.items()}
    way_ids = {name: number for number, name in enumerate(ways, start=1)}
    tagged = {
        way_ids[name]: ({"highway": tags} if isinstance(tags, str) else tags, _letters(name))
        for name, tags in ways.items()
    }
    listed = [
        Relation(number, tags, tuple(_member(word, way_ids) for word in members.split()))
        for number, (tags, members) in enumerate(relations, start=1)
    ]
    found = elements_from_dicts(
        {ord(mark): place for mark, place in places.items()},
        {ord(mark): tags for mark, tags in (nodes or {}).items()},
        tagged,
        listed,
    )
    x, y = np.array(list(places.values())).T
    projected = gpd.GeoSeries.from_xy(x, y, index=list(places), crs=WGS84).to_crs(CRS)
    return OsmWorld(found, projected)


def drawn(table: gpd.GeoDataFrame) -> list[str]:
    """The ends of each street in its direction, as letters (`*` at a barrier), in order."""
    return sorted(name(row.u) + name(row.v) for row in table.itertuples())


def name(node_id: str) -> str:
    """The letter of a node; `*` for a point that a barrier needed."""
    return chr(int(node_id)) if node_id.isdigit() else "*"


def kinds(problems: Collection[Problem]) -> list[str]:
    """The kinds of problems, in the order they were found."""
    return [problem.kind for problem in problems]
