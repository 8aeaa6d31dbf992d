"""Small worlds drawn in ASCII, with values that make their times easy to compute by hand.

A drawing has nodes (capital letters, and `+` for those without a name), streets (`-` across, `|`
down), tunnels (`.`, across only; they pass under a `|` without meeting it) and places (small
letters; on a street they do not break it). Four characters across or two lines down are
`scale_m` metres. The first character stands at `ORIGIN`; up is north. A street is named by its
two ends in reading order.

With the `easy` values a walker goes 1 m/s, a car 10 m/s off the peak and 5 m/s at the peak, a
point off the street is reached straight, and nobody walks but along streets (`easy_values`).
Routes and projects for a world are made by `network_parts`; `random_roads` draws by chance.

>>> from network_parts import route
>>> from travel_times_between import times
>>> here = world('''
... A---B-s-C
...     |
...     D
... ''')
>>> sorted(set(here.roads.edges["osmid"]))
['AB', 'BC', 'BD']
>>> float(times(here.network(), here.at("AD")).loc["A", "D"])  # 2 km at 5 m/s
400.0
>>> bus = route("bus", "As", 120, headway_secs=600)
>>> float(times(here.network(bus), here.at("AC"), mode="transit").loc["A", "C"])
920.0
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from coordinates import CRS, point
from network_parts import stops
from shapely.geometry import LineString, Point

from layers.network import TransportNetwork
from layers.roads import RoadNetwork, may_walk, node_table, road_network
from layers.transit import TransitRoute

STREET: dict[str, Any] = {
    "highway": "primary",
    "lanes": 2,
    "maxspeed": 36.0,
    "name_en": "",
    "oneway": False,
    "tunnel": False,
    "bridge": False,
    "access": "",
    "drive": True,
    "walk": None,
    "bus": True,
    "crossing": None,
    "screenline": None,
    "project_id": "",
}


# Drawing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Roads and named points; every letter of the drawing is a place."""

    roads: RoadNetwork
    places: gpd.GeoSeries

    def at(self, letters: Iterable[str]) -> gpd.GeoSeries:
        """Some of the places."""
        return self.places[list(letters)]

    def line(self, letters: Iterable[str]) -> LineString:
        """A line through places."""
        return LineString(list(self.at(letters)))

    def network(self, *routes: TransitRoute) -> TransportNetwork:
        """The roads with routes, which stop at places."""
        used = dict.fromkeys(stop for item in routes for stop in item.stop_ids)
        return TransportNetwork(self.roads, stops(self.at(used)), routes)


def _run_end(rows: Sequence[str], row: int, column: int, step: tuple[int, int]) -> Any:
    """Where a street that leaves a node to the right or down ends, and whether it is a tunnel."""
    along, across = ("-.", "|") if step == (0, 1) else ("|", "-.")
    row, column = row + step[0], column + step[1]
    first = rows[row][column]
    if first not in along:
        return None
    while rows[row][column] in along + across or rows[row][column].islower():
        row, column = row + step[0], column + step[1]
    return (row, column), first == "."


def world(
    drawing: str,
    *,
    scale_m: float = 1_000.0,
    streets: Mapping[str, Mapping[str, Any]] | None = None,
    also: Mapping[str, Mapping[str, Any]] | None = None,
    **every: Any,
) -> World:
    """Roads and places from a drawing.

    Parameters
    ----------
    drawing
        See the head of this file.
    scale_m
        Metres of four characters across or two lines down.
    streets
        Attributes of single streets, by name.
    also
        Straight streets that the drawing lacks: the first two letters of the name are its ends.
    every
        Attributes of every street.
    """
    lines = textwrap.dedent(drawing).strip("\n").splitlines()
    width = max(map(len, lines)) + 1
    rows = [line.ljust(width) for line in (*lines, "")]
    marks = [
        (r, c, mark)
        for r, line in enumerate(rows)
        for c, mark in enumerate(line)
        if mark == "+" or mark.isalpha()
    ]
    places = {
        (mark if mark != "+" else f"+{r}_{c}"): point(c * scale_m / 4, r * scale_m / 2)
        for r, c, mark in marks
    }
    nodes = {
        (r, c): (mark if mark != "+" else f"+{r}_{c}") for r, c, mark in marks if not mark.islower()
    }
    found: dict[str, dict[str, Any]] = {}
    for (r, c), name in nodes.items():
        for step in ((0, 1), (1, 0)):
            run = _run_end(rows, r, c, step)
            if run:
                other = nodes[run[0]]
                found[name + other] = {"u": name, "v": other, "tunnel": run[1]}
    for name in also or {}:
        found[name] = {"u": name[0], "v": name[1]}
    own = {**(streets or {}), **(also or {})}
    records = [
        {
            **STREET,
            **ends,
            "osmid": name,
            "name": name,
            "geometry": LineString([places[ends["u"]], places[ends["v"]]]),
            **every,
            **own.get(name, {}),
        }
        for name, ends in found.items()
    ]
    letters = {name: place for name, place in places.items() if name.isalpha()}
    used = {name: places[name] for name in nodes.values()}
    return World(roads_of(used, records), gpd.GeoSeries(letters, crs=CRS))


def roads_of(nodes: Mapping[str, Point], records: Sequence[Mapping[str, Any]]) -> RoadNetwork:
    """A road network; streets without a length are measured."""
    ids = list(nodes)
    table = node_table(ids, np.array(list(nodes.values()), dtype=object), ids, CRS)
    columns = ["u", "v", "osmid", "name", "length", "geometry", *STREET]
    drawn = pd.DataFrame.from_records(list(records)).reindex(columns=columns)
    frame = gpd.GeoDataFrame(drawn, geometry="geometry", crs=CRS)
    frame["length"] = frame["length"].astype(float).fillna(frame.geometry.length)
    by_rule = may_walk(frame["highway"], frame["tunnel"], frame["length"])
    frame["walk"] = frame["walk"].where(frame["walk"].notna(), by_rule).astype(bool)
    for name in ("screenline", "crossing"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    return road_network(table, frame)
