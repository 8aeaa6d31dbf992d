"""Walks in Porto Alegre computed once more with networkx and Shapely, from the same streets.

    python benchmarks/walks_check.py FOLDER

From some hexagons to all stops within 30 minutes at 3.6 km/h. A point joins the nearest street
where it is nearest; streets are walked both ways at their length. Nothing of the product is used
but the table of streets. Its walks are whole seconds: half a second may be between.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from timetable import ASSUMED, MOMENT, City, linked, read_city

from analysis.graph.street_times import walk_times
from analysis.timetable.service.walks import walks

METRES_PER_SEC = ASSUMED.walk_speed_kph / 3.6
EVERY, LIMIT_SECS = 40, 1_800.0


class Streets:
    """Walkable streets as a graph in seconds, to which points are joined by new nodes."""

    def __init__(self, city: City) -> None:
        table = walk_times(city.network.roads, ASSUMED).table
        self.lines = table.geometry.to_numpy()
        self.tree = shapely.STRtree(self.lines)
        self.ends = list(zip(table["u"], table["v"], strict=True))
        self.secs = table["length"].to_numpy() / METRES_PER_SEC
        self.graph: nx.Graph[object] = nx.Graph()
        self.on_street: dict[int, list[tuple[float, str]]] = {}
        for (u, v), secs in zip(self.ends, self.secs, strict=True):
            known = self.graph.get_edge_data(u, v, {"weight": np.inf})["weight"]
            self.graph.add_edge(u, v, weight=min(secs, known))

    def join(self, name: str, point: shapely.Point) -> None:
        """Join a point to its nearest street, and to others that joined it."""
        street = int(self.tree.nearest(point))
        line = self.lines[street]
        share = float(shapely.line_locate_point(line, point, normalized=True))
        leg = point.distance(line) * ASSUMED.detour / METRES_PER_SEC
        along = share * self.secs[street]
        u, v = self.ends[street]
        foot = f"foot of {name}"
        self.graph.add_edge(name, foot, weight=leg)
        self.graph.add_edge(foot, u, weight=along)
        self.graph.add_edge(foot, v, weight=self.secs[street] - along)
        for other_along, other in self.on_street.setdefault(street, []):
            self.graph.add_edge(foot, other, weight=abs(along - other_along))
        self.on_street[street].append((along, foot))


def main(folder: str) -> None:
    """Print how far the two are apart."""
    city = read_city(Path(folder), Path(tempfile.mkdtemp()))
    timed = linked(city, MOMENT)
    chosen = np.arange(0, len(city.zones), EVERY)
    stops = np.arange(timed.search.points, timed.search.points + timed.search.stops)
    found = walks(timed.walkers, chosen, stops, LIMIT_SECS)
    streets = Streets(city)
    places: gpd.GeoSeries = city.network.stops.geometry
    for number, point in enumerate(places):
        streets.join(f"stop {number}", point)
    for number in chosen.tolist():
        streets.join(f"hexagon {number}", city.zones.geometry.iloc[number])
    apart, missing = [], 0
    for row, number in enumerate(chosen.tolist()):
        secs = nx.single_source_dijkstra_path_length(
            streets.graph, f"hexagon {number}", cutoff=LIMIT_SECS + 60, weight="weight"
        )
        entries = range(found.first[row], found.first[row + 1])
        known = {f"stop {found.to[entry]}" for entry in entries}
        missing += sum(
            str(name) not in known
            for name, walk in secs.items()
            if str(name).startswith("stop ") and walk < LIMIT_SECS - 1
        )
        for entry in entries:
            stop, own = int(found.to[entry]), int(found.secs[entry])
            direct = city.zones.geometry.iloc[number].distance(places.iloc[stop])
            off = direct * ASSUMED.detour / METRES_PER_SEC
            near = direct <= ASSUMED.max_direct_walk_m
            other = min(secs.get(f"stop {stop}", np.inf), off if near else np.inf)
            apart.append(abs(own - other))
    print(f"{len(apart)} walks; 99 % within {np.percentile(apart, 99):.2f} s", end=", ")
    print(f"farthest {max(apart):.2f} s; {missing} walks of networkx missing")


if __name__ == "__main__":
    main(*sys.argv[1:])
