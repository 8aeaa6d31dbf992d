"""A village to be asked of an Overpass server."""

from __future__ import annotations

import socket

import pytest
import shapely
from overpass_query import Database
from overpass_server import (
    OverpassServer,
)

from geo.faults import BadInputError, Fault
from geo.osm.elements import OsmElements
from geo.osm.overpass import Overpass
from geo.osm.overpass_json import elements_of_answers

VILLAGE = shapely.box(25.0, 60.0, 25.01, 60.005)
"""The place of `village`, 0.6 km square; tiles of `FOUR` km2 cut it into four."""
FOUR = 0.1


def village() -> Database:
    """Two streets that cross in the middle, each in three ways, and a bus along one of them."""
    middle = range(0, 13, 3)
    spots = {10 + k: (25.001 + k * 0.0006, 60.0025) for k in middle}
    spots |= {30 + k: (25.005, 60.0005 + k * 0.0003) for k in middle}
    nodes = [{"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in spots.items()]
    nodes[0]["tags"] = {"highway": "bus_stop"}
    refs = [[10, 13, 16], [16, 19], [19, 22], [30, 33, 36], [36, 39], [39, 42]]
    ways = [
        {"type": "way", "id": n, "nodes": own, "tags": {"highway": "residential"}}
        for n, own in enumerate(refs)
    ]
    members = [{"type": "way", "ref": n, "role": ""} for n in (0, 1, 2)]
    bus = {"type": "route", "route": "bus"}
    return Database([*nodes, *ways, {"type": "relation", "id": 5, "members": members, "tags": bus}])


def at(server: OverpassServer) -> Overpass:
    return Overpass(server.url, retry_waits_secs=())


def whole_village() -> OsmElements:
    found = elements_of_answers([{"elements": list(village().items.values())}])
    assert len(found.node_ids) == 10
    return found


def the_fault(error: pytest.ExceptionInfo[BadInputError]) -> Fault:
    [fault] = error.value.faults
    return fault


def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/api"
