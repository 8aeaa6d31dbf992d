"""Relations of routes on a straight road.

Four characters of a drawing are 800 m, and everything runs 10 m/s: from A to B it is 80 s.
"""

from __future__ import annotations

from easy_values import easy
from osm_worlds import OsmWorld, name, osm_world

from geo.osm.elements import Tags
from layers.osm.transit.routes import Lines
from layers.transit import TransitRoute

MODES = ("subway", "light_rail", "monorail", "tram", "train", "bus")
QUICK = easy(transit_speed_kph=dict.fromkeys(MODES, 36.0), detour=1.5)
NEAR_SECS = 0.1
ROAD = {"highway": "primary"}
ROW = "A---B---C---D"
WAYS: dict[str, Tags | str] = {"AB": ROAD, "BC": ROAD, "CD": ROAD}
THERE = "A:stop B:stop C:stop D:stop AB BC CD"
BACK = "D:stop C:stop B:stop A:stop CD BC AB"
BUS = {"type": "route", "route": "bus", "ref": "1"}
EVERY_10 = {**BUS, "interval": "10"}


def named(letters: str) -> dict[str, Tags]:
    """Bus stops that are called as their letter."""
    return {mark: {"highway": "bus_stop", "name": mark} for mark in letters}


def row(*relations: tuple[Tags, str]) -> OsmWorld:
    """Lines along a straight road."""
    return osm_world(ROW, WAYS, nodes=named("ABCD"), relations=relations, scale_m=800)


def lines(here: OsmWorld) -> Lines:
    return here.lines(assumptions=QUICK)


def route(here: OsmWorld) -> TransitRoute:
    """The only service."""
    [only] = lines(here).routes
    return only


def stops(served: TransitRoute) -> str:
    """The letters of its stops."""
    return "".join(name(stop[1:]) for stop in served.stop_ids)


SUBWAY = {"type": "route", "route": "subway", "ref": "7"}
