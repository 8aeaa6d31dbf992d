"""Lines and roads with assumed values along one street."""

from __future__ import annotations

from typing import Any

from ascii_worlds import world
from easy_values import conditions, easy
from judged_worlds import Judged, asked, line_between, player
from network_parts import project, road, route

from analysis.attribution.uncertainty import Uncertain

HERE = world("A-------------------B-------------------C")
HEADWAYS = ("headway_peak_secs", "headway_offpeak_secs")
UNDER = conditions(easy(detour=1.2, max_direct_walk_m=100.0), ridge=2_000.0)


def bus(name: str, stops: str, *assumed: str, headway_secs: float = 600.0) -> Any:
    line = route(name, stops, 300, headway_secs=headway_secs)
    return project(name, routes=[line], stops_at=HERE.at(stops), assumed_fields=assumed)


def way(name: str, south: float, *assumed: str) -> Any:
    line = line_between((0, 0), (5_000, south), (10_000, 0))
    crossing = {"screenline": "ridge", "crossing": name}
    fast = road(name, line, maxspeed=72.0, **crossing)
    return project(name, roads=[fast], assumed_fields=assumed)


PLANS = {
    item.project_id: item
    for item in (
        bus("west", "AB", *HEADWAYS, "hop_secs"),
        bus("east", "BC", "headway_peak_secs", headway_secs=2_400.0),
        way("north", -500, "maxspeed"),
        way("south", 900, "opening_year"),
    )
}


def judged_of(*names: str) -> Judged:
    places = HERE.at("AC")
    question = asked(list(places), places, cutoffs=(1_000.0, 2_500.0))
    chosen = {name: PLANS[name] for name in names}
    return Judged(HERE.network(), chosen, tuple(map(player, names)), question, UNDER)


ALL = judged_of(*PLANS)


def uncertain(name: str, low: float = 0.5, high: float = 2.0) -> Uncertain:
    return Uncertain(name, low, high, "a test")
