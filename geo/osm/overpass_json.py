"""OSM elements from the JSON answers of Overpass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo.osm.elements import Member, OsmElements, Relation, Tags, elements_from_dicts

Answer = Mapping[str, Any]


def elements_of_answers(answers: Iterable[Answer]) -> OsmElements:
    """The elements of Overpass answers (`out body` in JSON), each once.

    If an element occurs repeatedly, the last answer counts, but a node keeps tags of earlier ones.

    Examples
    --------
    >>> node = {"type": "node", "id": 1, "lat": 60.0, "lon": 25.0}
    >>> way = {"type": "way", "id": 7, "nodes": [1, 2], "tags": {"highway": "steps"}}
    >>> stop = node | {"tags": {"highway": "bus_stop"}}
    >>> found = elements_of_answers([{"elements": [stop, way]}, {"elements": [node]}])
    >>> found.node_ids.tolist(), dict(found.node_tags), found.refs.tolist()
    ([1], {1: {'highway': 'bus_stop'}}, [1, 2])
    """
    nodes: dict[int, tuple[float, float]] = {}
    node_tags: dict[int, Tags] = {}
    ways: dict[int, tuple[Tags, Sequence[int]]] = {}
    relations: dict[int, Relation] = {}
    for item in (item for answer in answers for item in answer["elements"]):
        number, tags = item["id"], item.get("tags", {})
        if item["type"] == "node":
            nodes[number] = item["lon"], item["lat"]
            if tags:
                node_tags[number] = tags
        elif item["type"] == "way":
            ways[number] = tags, item["nodes"]
        elif item["type"] == "relation":
            members = tuple(Member(m["type"], m["ref"], m["role"]) for m in item["members"])
            relations[number] = Relation(number, tags, members)
    return elements_from_dicts(nodes, node_tags, ways, relations.values())
