"""Roads to the ports of the two rivers, of which no alignment is published."""

from __future__ import annotations

from collections.abc import Iterator

from data.build.facts import Facts
from data.build.geojson import Feature, Record, line, point
from data.build.measure import distance_m
from data.build.project_roads import Element
from data.build.project_specs import PORTS
from data.build.roads import existing_links, existing_nodes

DETOUR = 1.3
AT_THE_ROAD_M = 200
"""A port closer than this to a node of the network needs no road."""
LANES, MAXSPEED = 4, 50
AREAS = {
    "江津区": "jiangjin",
    "九龙坡区": "jiulongpo",
    "北碚区": "beibei",
    "沙坪坝区": "shapingba",
}
GUESSES = ["alignment", "length", "lanes", "maxspeed"]


def port_roads(facts: Facts, project_id: str) -> list[Element]:
    """A straight road from each port to the nearest node of the network in its district.

    Only nodes at which a road other than a motorway ends are joined.
    """
    places = {place["id"]: place for place in facts.places}
    found = [_road(facts, places[port]) for port in PORTS[project_id]]
    return [element for element in found if element is not None]


def _road(facts: Facts, port: Record) -> Element | None:
    place = point(port)
    away, node = min(
        (distance_m(place, point(node)), node["id"]) for node in _joinable(facts, port)
    )
    if away < AT_THE_ROAD_M:
        return None
    end = facts.nodes[node]
    record = {
        "element": "road",
        "link_id": f"{port['id']}-1",
        "name_zh": f"{port['name_zh']}集疏运道路",
        "name_en": f"{port['name_en']} road",
        "highway": "secondary",
        "lanes": LANES,
        "maxspeed": MAXSPEED,
        "length": round(away * DETOUR),
        "oneway": False,
        "tunnel": False,
        "bridge": False,
        "bus": True,
        "crossing_zh": None,
        "crossing_en": None,
        "screenline": None,
        "opened": None,
        "accuracy_m": max(port["accuracy_m"], end["accuracy_m"]),
        "source": [*port["sources"], "EST"],
        "confidence": "assumed",
    }
    return Feature(record, line([place, point(end)])), GUESSES


def _joinable(facts: Facts, port: Record) -> Iterator[Record]:
    """Nodes of the port's district that a road may join."""
    area = AREAS[port["district"]]
    streets = [link for link in existing_links(facts) if link["highway"] != "motorway"]
    ends = {end for link in streets for end in (link["from"], link["to"])}
    return (
        node for key, node in existing_nodes(facts).items() if key in ends and node["area"] == area
    )
