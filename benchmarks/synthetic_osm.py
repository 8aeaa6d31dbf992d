"""A large city that nobody built, as an OpenStreetMap file: the same for the same size and seed.

    python benchmarks/synthetic_osm.py 1000000 city.osm.pbf

The first number is about how many directed edges the import shall make of it (from 100,000 on it
is 1 to 3 % more). Streets run over a jittered grid with bends between the junctions; every second
row and column is tertiary or of higher rank, every 32nd an elevated trunk road that meets only
roads of rank. A ridge is crossed in tunnels only, a river on bridges. There are one-way streets
(some tagged -1), speed limits, driveways behind gates, paths through blocks, a building in each
block, turn restrictions and bus lines in both directions with stops beside the road. Ids are as
far apart as in real extracts.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from math import ceil, sqrt
from pathlib import Path

import numpy as np
import shapely
from grid_city import GAP, MAJOR, City, Road
from shapely.geometry.base import BaseGeometry

from geo.osm.elements import Member, OsmElements, elements_from_dicts
from geo.osm.writing import write_osm_file

EDGES_PER_JUNCTION = 5.12
"""Directed edges that the import makes of each junction of the grid, counted afterwards."""
CRS = "EPSG:32648"
SPACING_M, JITTER_M, BEND_M, BESIDE_M = 120.0, 22.0, 5.0, 12.0
LIMITS = {"trunk": 80, "primary": 60, "secondary": 50, "tertiary": 40, "residential": 30}
LINE_WAYS, STOP_EVERY = 8, 3
"""Ways of a bus line; junctions from stop to stop."""
SEED = 20_220_420


def _junctions(city: City) -> dict[tuple[int, int], int]:
    shift = city.rng.normal(0, JITTER_M / 2, (city.side, city.side, 2)).clip(-JITTER_M, JITTER_M)
    return {
        (r, c): city.node(c * SPACING_M + shift[r, c, 0], r * SPACING_M + shift[r, c, 1])
        for r in range(city.side)
        for c in range(city.side)
        if r not in city.gap(1) and c not in city.gap(0)
    }


def _structure(road: Road, a: int, b: int) -> str | None:
    """What carries a road from one place to the next; None where it does not go on."""
    if b - a > 1:
        return ("tunnel", "bridge")[road.axis] if road.is_major else None
    if road.rank == "trunk" and a % MAJOR and b % MAJOR:
        return "bridge"
    return ""


def _between(city: City, start: int, end: int, count: int) -> list[int]:
    """Nodes of a bent line between two nodes."""
    (ax, ay), (bx, by) = city.at[start], city.at[end]
    off = city.rng.normal(0, BEND_M, (count, 2))
    share = (np.arange(count) + 1) / (count + 1)
    return [
        city.node(ax + s * (bx - ax) + dx, ay + s * (by - ay) + dy)
        for s, (dx, dy) in zip(share.tolist(), off.tolist(), strict=True)
    ]


def _way_tags(city: City, road: Road, structure: str) -> dict[str, str]:
    rank = road.rank
    tags = {"highway": rank, "surface": "asphalt"}
    if rank != "residential" or city.chance(0.7):
        tags["name"] = f"第{road.number}{'横纵'[road.axis]}路"
    if city.chance(0.4) or road.is_major:
        tags["maxspeed"] = str(LIMITS[rank])
    if road.is_major:
        tags["lanes"] = "4"
    elif city.chance(0.15):
        tags["oneway"] = "-1" if city.chance(0.1) else "yes"
    if structure:
        tags |= {structure: "yes", "layer": "1" if structure == "bridge" else "-1"}
    return tags


def _stations(city: City, road: Road, junctions: dict[tuple[int, int], int]) -> list[int]:
    """The nodes at the places of a road; an elevated one passes over minor streets."""
    places = [p for p in range(city.side) if p not in city.gap(road.axis)]
    shared = [junctions[road.cell(p)] for p in places]
    if road.rank != "trunk":
        return shared
    return [
        n if p % MAJOR == 0 else city.node(*city.at[n]) for p, n in zip(places, shared, strict=True)
    ]


def _build(city: City, road: Road, junctions: dict[tuple[int, int], int]) -> list[list[int]]:
    """Add a road's ways; each as its id and the junctions along it."""
    places = [p for p in range(city.side) if p not in city.gap(road.axis)]
    stations = _stations(city, road, junctions)
    bends = city.rng.integers(0, 4, len(places)).tolist()
    longest = city.rng.integers(2, 9, len(places)).tolist()
    made: list[list[int]] = []
    refs, met, before = [stations[0]], [stations[0]], _structure(road, places[0], places[1])
    for number, (a, b) in enumerate(pairwise(places)):
        structure = _structure(road, a, b)
        if len(refs) > 1 and (structure != before or len(met) > longest[number]):
            made.append([city.way(_way_tags(city, road, before or ""), refs), *met])
            refs, met = [stations[number]], [stations[number]]
        before = structure
        if structure is None:
            refs, met = [stations[number + 1]], [stations[number + 1]]
            continue
        inner = _between(city, stations[number], stations[number + 1], bends[number])
        if inner and road.axis == 0 and not structure:
            city.bends[road.number, a] = inner[0]
        refs += [*inner, stations[number + 1]]
        met.append(stations[number + 1])
    if len(refs) > 1:
        made.append([city.way(_way_tags(city, road, before or ""), refs), *met])
    return made


def _fill_blocks(city: City) -> None:
    """A building in every block, in some a driveway, in others a path across."""
    for (row, column), bend in city.bends.items():
        x, y = city.at[bend]
        corners = [(30, 40), (60, 40), (60, 70), (30, 70)]
        ring = [city.node(x + dx, y + dy) for dx, dy in corners]
        city.way({"building": "yes"}, [*ring, ring[0]])
        across = city.bends.get((row + 1, column))
        if city.chance(0.35):
            gate = {"barrier": "gate", "access": "private"} if city.chance(0.2) else None
            tags = {"highway": "service"}
            tags |= {"service": "driveway"} if city.chance(0.3) else {}
            city.way(tags, [bend, city.node(x + 3, y + 30, gate), city.node(x + 12, y + 55)])
        elif across and city.chance(0.4):
            city.way({"highway": "footway"}, [bend, *_between(city, bend, across, 2), across])


def _add_line(city: City, name: str, ways: list[list[int]]) -> None:
    """A bus line along ways that follow each other, there and back."""
    met = list(dict.fromkeys(node for _, *nodes in ways for node in nodes))[::STOP_EVERY]
    for way in (1, -1):
        tags = {"highway": "bus_stop", "public_transport": "platform"}
        stops = [
            city.node(x + BESIDE_M * way, y + BESIDE_M * way, tags | {"name": f"{name}·{n}"})
            for n, (x, y) in enumerate(city.at[node] for node in met)
        ]
        members = [Member("node", stop, "platform") for stop in stops[::way]]
        members += [Member("way", number, "") for number, *_ in ways[::way]]
        own = {"type": "route", "route": "bus", "ref": name, "name": f"{name}路"}
        city.relation(own | ({"interval": "00:10"} if city.chance(0.3) else {}), members)


def _add_turns(city: City, of_node: tuple[dict[int, int], dict[int, int]]) -> None:
    """Some turns from rows into columns are forbidden."""
    for node in sorted(of_node[0].keys() & of_node[1].keys()):
        if city.chance(0.01):
            members = [
                Member("way", of_node[0][node], "from"),
                Member("node", node, "via"),
                Member("way", of_node[1][node], "to"),
            ]
            city.relation({"type": "restriction", "restriction": "no_left_turn"}, members)


def synthetic_city(edges: int, seed: int = SEED) -> OsmElements:
    """A city of which the import makes about so many directed edges."""
    junctions = edges / EDGES_PER_JUNCTION
    side = max(ceil(GAP + sqrt(GAP**2 + junctions)), 4 * GAP)
    city = City(side, np.random.default_rng(seed))
    crossings = _junctions(city)
    of_node: tuple[dict[int, int], dict[int, int]] = ({}, {})
    lines: list[tuple[str, list[list[int]]]] = []
    for axis in (0, 1):
        for number in range(side):
            if number in city.gap(1 - axis):
                continue
            road = Road(axis, number)
            ways = _build(city, road, crossings)
            of_node[axis].update({node: way for way, *met in ways for node in met})
            if road.rank in ("primary", "secondary"):
                parts = [ways[k : k + LINE_WAYS] for k in range(0, len(ways), LINE_WAYS)]
                lines += [(f"{'AB'[axis]}{number}-{k}", part) for k, part in enumerate(parts)]
    _fill_blocks(city)
    for name, ways in lines:
        _add_line(city, name, ways)
    _add_turns(city, of_node)
    return elements_from_dicts(city.nodes, city.node_tags, city.ways, city.relations)


def city_outline(found: OsmElements) -> BaseGeometry:
    """A rectangle around the whole city, longitude and latitude."""
    west, south = found.lonlat.min(axis=0)
    east, north = found.lonlat.max(axis=0)
    return shapely.box(west - 0.01, south - 0.01, east + 0.01, north + 0.01)


def main() -> None:
    """Write the file and say what is in it."""
    edges, path = int(sys.argv[1]), Path(sys.argv[2])
    city = synthetic_city(edges)
    write_osm_file(city, path)
    counts = (len(city.node_ids), len(city.way_ids), len(city.relations))
    print("{:,} nodes, {:,} ways, {:,} relations".format(*counts), f"in {path.name}")
    print("outline", ",".join(f"{v:.3f}" for v in city_outline(city).bounds))


if __name__ == "__main__":
    main()
