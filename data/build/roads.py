"""The road network of 20 April 2022."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data.build.crossings import ENGLISH, screenline_of
from data.build.facts import Facts
from data.build.geojson import Feature, Record, line, point, write_features

BASIS = {
    "measured on a street map": ("SNMEAS", "derived"),
    "published length": ("SNLEN", "published"),
    "published position": ("SNPOS", "published"),
    "estimate": ("SNEST", "assumed"),
}
"""Source code and confidence by what the fact sheet says a value rests on."""

EXISTING = "existing"
FROM_MEMORY = "from memory, not verified"
METRES_PER_KM = 1_000


def existing_links(facts: Facts) -> list[Record]:
    """Links open on the baseline date."""
    return [link for link in facts.links if link["status"] == EXISTING]


def existing_nodes(facts: Facts) -> dict[str, Record]:
    """Nodes that exist on the baseline date, by their id."""
    return {key: node for key, node in facts.nodes.items() if node["status"] == EXISTING}


def link_sources(link: Record) -> list[str]:
    """Codes for a link's length and, where nobody published it, its opening date."""
    codes = [BASIS[link["basis"]][0]]
    return [*codes, "MEM"] if link["opened_basis"] == FROM_MEMORY else codes


def link_feature(link: Record, nodes: Mapping[str, Record]) -> Feature:
    """A link with the columns that existing and planned roads share."""
    start, end = nodes[link["from"]], nodes[link["to"]]
    between = [{"lon": lon, "lat": lat} for lon, lat in link["waypoints"]]
    crossing = link["crossing_zh"]
    record = {
        "link_id": link["id"],
        "name_zh": link["name_zh"],
        "name_en": link["name_en"],
        "highway": link["highway"],
        "lanes": link["lanes"],
        "maxspeed": link["maxspeed_kph"],
        "length": round(link["length_km"] * METRES_PER_KM),
        "oneway": link["oneway"],
        "tunnel": link["tunnel"],
        "bridge": link["bridge"],
        "bus": link["bus_allowed"],
        "crossing_zh": crossing,
        "crossing_en": ENGLISH.get(crossing, link["crossing_en"]),
        "screenline": screenline_of(crossing),
        "opened": link["opened"],
        "accuracy_m": max(start["accuracy_m"], end["accuracy_m"]),
        "source": link_sources(link),
        "confidence": BASIS[link["basis"]][1],
    }
    return Feature(record, line(point(place) for place in [start, *between, end]))


def _node_feature(node: Record) -> Feature:
    code, confidence = BASIS[node["basis"]]
    record = {
        "node_id": node["id"],
        "name_zh": node["name_zh"],
        "name_en": node["name_en"],
        "kind": node["kind"],
        "accuracy_m": node["accuracy_m"],
        "source": [code],
        "confidence": confidence,
    }
    return Feature(record, point(node))


def _edge_feature(link: Record, nodes: Mapping[str, Record]) -> Feature:
    feature = link_feature(link, nodes)
    ends = {"link_id": link["id"], "from_node": link["from"], "to_node": link["to"]}
    return Feature(ends | feature.properties, feature.geometry)


def write_roads(facts: Facts, folder: Path) -> None:
    """Write `road_nodes.geojson` and `road_edges.geojson`."""
    nodes = existing_nodes(facts)
    write_features(folder / "road_nodes.geojson", [_node_feature(n) for n in nodes.values()])
    edges = [_edge_feature(link, nodes) for link in existing_links(facts)]
    write_features(folder / "road_edges.geojson", edges)
