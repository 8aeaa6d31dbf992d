"""For every kind of problem of OpenStreetMap data a small map that has it and no other."""

from __future__ import annotations

from collections.abc import Callable

from osm_worlds import OsmWorld, osm_world

ROAD = {"highway": "primary"}
FERRY = {"route": "ferry"}

Maker = Callable[[], OsmWorld]


def street(**tags: str) -> OsmWorld:
    """One straight way."""
    return osm_world("A---B---C", {"ABC": {**ROAD, **tags}})


def with_ferry(**tags: str) -> OsmWorld:
    return osm_world("A---B---C", {"AB": ROAD, "BC": {**FERRY, **tags}})


def turn(word: str, members: str) -> OsmWorld:
    """A turn restriction at the middle of a road."""
    tags = {"type": "restriction", "restriction": word}
    return osm_world(
        "A---B---C---D", {"AB": ROAD, "BC": ROAD, "CD": ROAD}, relations=[(tags, members)]
    )


LINE = {"type": "route", "route": "bus", "ref": "1", "interval": "10", "roundtrip": "yes"}
"""Of a closed line nobody asks for the other direction."""
STOPS = {mark: {"highway": "bus_stop", "name": mark} for mark in "PQRS"}
STREETS = {"AB": ROAD, "BC": ROAD, "CD": ROAD}
BESIDE = """
P   Q   R   S
A---B---C---D
"""
ROW = "P:stop Q:stop R:stop S:stop AB BC CD"


def line(members: str, *, drawing: str = BESIDE, scale_m: float = 800.0, **tags: str) -> OsmWorld:
    """A bus along a road; a tag of no value is left out."""
    told = {key: value for key, value in {**LINE, **tags}.items() if value}
    return osm_world(
        drawing, STREETS, nodes=STOPS, relations=[(told, members)], scale_m=scale_m / 4
    )


def far_stop() -> OsmWorld:
    drawing = """
    R



    P   Q       S
    A---B---C---D
    """
    return line("P:stop Q:stop R:stop S:stop AB BC CD", drawing=drawing)


def crossing_above(structure: str, layer: str) -> OsmWorld:
    """A tunnel or bridge in two pieces, and a street that ends at their joint."""
    drawing = """
    A---B---C---D---E
            |
            F
    """
    built = {**ROAD, structure: "yes", "layer": layer}
    return osm_world(drawing, {"AB": ROAD, "BC": built, "CD": built, "DE": ROAD, "CF": ROAD})


def metro() -> OsmWorld:
    nodes = {mark: {"railway": "station", "name": mark} for mark in "AB"}
    tags = {**LINE, "route": "subway", "ref": "7"}
    ways = {"AB": {"railway": "subway"}}
    return osm_world("A-------B", ways, nodes=nodes, relations=[(tags, "A:stop B:stop AB")])


def unnamed_stop() -> OsmWorld:
    nodes = {**STOPS, "Q": {"highway": "bus_stop"}}
    return osm_world(BESIDE, STREETS, nodes=nodes, relations=[(LINE, ROW)])


def far_place_with_component(**tags: str) -> OsmWorld:
    """A road of 2 km, and 100 m beyond a footway (or beyond nothing)."""
    middle = {"BC": tags} if tags else {}
    return osm_world("A" + "-" * 79 + "B---C---D", {"AB": ROAD, **middle, "CD": ROAD})


MAKERS: dict[str, Maker] = {
    "way-node-missing": lambda: osm_world("A---B", {"ABX": ROAD}),
    "way-too-short": lambda: osm_world("A---B", {"AB": ROAD, "B": ROAD}),
    "way-node-doubled": lambda: osm_world("A---B", {"AAB": ROAD}),
    "way-doubled": lambda: osm_world("A---B---C", {"AB": ROAD, "BC": ROAD, "CB": ROAD}),
    "highway-unknown": lambda: osm_world("A---B---C", {"AB": ROAD, "BC": "unheard_of"}),
    "oneway-unreadable": lambda: street(oneway="sometimes"),
    "maxspeed-unreadable": lambda: street(maxspeed="fast"),
    "maxspeed-unlikely": lambda: street(maxspeed="600"),
    "lanes-unreadable": lambda: street(lanes="several"),
    "tunnel-and-bridge": lambda: street(tunnel="yes", bridge="yes"),
    "tunnel-joins-street": lambda: crossing_above("tunnel", "-1"),
    "bridge-joins-street": lambda: crossing_above("bridge", "1"),
    "end-nearly-joins": lambda: osm_world("A---BC---D", {"AB": ROAD, "CD": ROAD}, scale_m=6.0),
    "area-outline": lambda: osm_world(
        "A---B\n\nD---C", {"ABCDA": {"highway": "pedestrian", "area": "yes"}}
    ),
    "component-dropped": far_place_with_component,
    "mode-component-closed": lambda: far_place_with_component(highway="footway"),
    "ferry-duration-missing": with_ferry,
    "ferry-duration-unreadable": lambda: with_ferry(duration="a while"),
    "restriction-incomplete": lambda: turn("no_left_turn", "AB:from B:via"),
    "restriction-unknown": lambda: turn("no_dancing", "AB:from B:via BC:to"),
    "restriction-apart": lambda: turn("no_left_turn", "AB:from B:via CD:to"),
    "route-without-stops": lambda: line("AB BC CD"),
    "route-not-daily": lambda: line(ROW, service="night", interval=""),
    "route-too-few-stops": lambda: line("P:stop AB BC CD"),
    "route-member-missing": lambda: line(f"{ROW} <gone>"),
    "route-member-odd": lambda: line(f"#9 {ROW}"),
    "route-stop-doubled": lambda: line(f"P:stop {ROW}"),
    "route-stops-from-platforms": lambda: line(ROW.replace("stop", "platform")),
    "route-stops-reversed": lambda: line("S:stop R:stop Q:stop P:stop AB BC CD"),
    "route-stops-out-of-order": lambda: line("P:stop R:stop Q:stop S:stop AB BC CD"),
    "route-ways-apart": lambda: line("P:stop Q:stop R:stop S:stop AB CD"),
    "route-without-ways": lambda: line("P:stop Q:stop R:stop S:stop"),
    "route-stop-far": far_stop,
    "route-name-missing": lambda: line(ROW, ref=""),
    "route-headway-missing": lambda: line(ROW, interval=""),
    "route-headway-unreadable": lambda: line(ROW, interval="often"),
    "route-duration-unreadable": lambda: line(ROW, duration="not long"),
    "route-one-direction": lambda: line(ROW, roundtrip=""),
    "stop-name-missing": unnamed_stop,
    "station-without-entrance": metro,
}
