"""From a file to the network in the store, beside OSMnx on the same extract.

    python benchmarks/osm_import.py             Helsinki, a city and a million edges
    python benchmarks/osm_import.py helsinki    one of them; `city` and `million` are the others

On Linux and macOS. Each time is that of one call in a fresh process that has imported its packages,
the processes of both alternating; memory is the largest resident size of a process. What they do:

- scicity: `layers.osm.store.stored_network` of an `.osm.pbf` with no store there: streets for
  cars, walkers and buses, ferries, tracks, lines with their stops, turn restrictions, every check,
  GeoParquet written and read back.
- OSMnx: `osmnx.graph_from_xml` of the same extract, ready as `.osm` (it reads nothing else): a
  graph of everything that is a way, buildings too, with lengths, simplified; no lines.

Each with the whole extract, and with the ways of it that have a `highway` tag and their nodes.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from osm_shared import (
    HELSINKI_BOX,
    HELSINKI_CRS,
    alternating,
    child,
    helsinki_file,
    median,
    peak_gb,
    recipe,
    write_ways,
)
from synthetic_osm import CRS, city_outline, synthetic_city

from geo.osm.writing import write_osm_file
from layers.osm.store import read_store, stored_network
from layers.roads import road_network

CITIES = {"city": 100_000, "nodes": 310_000, "million": 1_000_000}
"""Directed edges asked for; `nodes` has some more than 100,000 nodes."""
GOAL_RATIO, GOAL_SECS, GOAL_GB, GOAL_READ_SECS = 3, 180, 4, 1
READS = 5
SCRIPT = Path(__file__).name

Job = tuple[str, str, str]
"""A file, the rectangle to read (JSON) and the projected system."""


def scicity(file: str, box: str, crs: str, store: str) -> dict[str, float]:
    """File to store, which is not there before, with the size of what came out."""
    import pyarrow.parquet  # noqa: F401, PLC0415 - GeoPandas would import it when it writes

    shutil.rmtree(store, ignore_errors=True)
    made_from = recipe(Path(file), json.loads(box), crs)
    start = time.perf_counter()
    network = stored_network(made_from, Path(store))
    secs = time.perf_counter() - start
    edges = len(road_network(network.nodes, network.streets).edges)
    return {"secs": secs, "nodes": len(network.nodes), "edges": edges}


def osmnx(file: str) -> dict[str, float]:
    """`.osm` to graph, with the size of what came out."""
    import osmnx as ox  # noqa: PLC0415 - only where it is measured

    start = time.perf_counter()
    graph = ox.graph_from_xml(file)
    secs = time.perf_counter() - start
    return {"secs": secs, "nodes": len(graph), "edges": graph.number_of_edges()}


def read(store: str) -> dict[str, float]:
    """A store that is not stale, the median of some times."""
    key = json.loads((Path(store) / "store.json").read_text(encoding="utf-8"))["key"]
    secs = []
    for _ in range(READS):
        start = time.perf_counter()
        network = read_store(Path(store), key)
        secs.append(time.perf_counter() - start)
    nodes = len(network.nodes) if network else 0
    return {"secs": sorted(secs)[READS // 2], "best": min(secs), "nodes": nodes}


CHILDREN = {"scicity": scicity, "osmnx": osmnx, "read": read}


def compare(name: str, job: Job, folder: Path, runs: int) -> None:
    """The table of one extract."""
    source, *place = job
    streets = folder / "streets.osm.pbf"
    write_ways(Path(source), folder / "all.osm")
    for path in (streets, folder / "streets.osm"):
        write_ways(Path(source), path, only="highway")
    jobs = {
        "OSMnx, whole": ("osmnx", str(folder / "all.osm")),
        "scicity, whole": ("scicity", source, *place, str(folder / "store")),
        "OSMnx, streets": ("osmnx", str(folder / "streets.osm")),
        "scicity, streets": ("scicity", str(streets), *place, str(folder / "store")),
    }
    found = alternating(SCRIPT, jobs, runs)
    print(f"\n{name}: {Path(source).stat().st_size / 1e6:.1f} MB, median of {runs}")
    for title, own in found.items():
        secs, nodes, edges = (median(own, key) for key in ("secs", "nodes", "edges"))
        size = f"{nodes:9,.0f} nodes {edges:9,.0f} edges {peak_gb(own):5.2f} GB"
        ratio = ""
        if "scicity" in title:
            theirs = median(found[title.replace("scicity", "OSMnx")], "secs")
            ratio = f"{theirs / secs:5.1f} x as fast (goal {GOAL_RATIO} x)"
        print(f"  {title:16} {secs:7.2f} s {size}  {ratio}")


def million(job: Job, folder: Path) -> None:
    """Time, memory and reading back of the largest."""
    run = child(SCRIPT, "scicity", *job, str(folder / "store"))
    secs, nodes, edges = (run.said[key] for key in ("secs", "nodes", "edges"))
    print(f"\nlarge city: {edges:,} edges, {nodes:,} nodes")
    print(f"  file to store {secs:6.1f} s  (goal {GOAL_SECS} s)")
    print(f"  memory        {run.peak_gb:6.2f} GB (goal {GOAL_GB} GB)")
    reading(folder / "store")


def reading(store: Path) -> None:
    """How long it takes to use a store again."""
    run = child(SCRIPT, "read", str(store))
    goal = f"(goal {GOAL_READ_SECS} s for 100,000)"
    times = f"{run.said['secs']:.2f} s, best {run.said['best']:.2f} s"
    print(f"  reading a store of {run.said['nodes']:,} nodes: {times} {goal}")


def _city(name: str, folder: Path) -> Job:
    path = folder / f"{name}.osm.pbf"
    found = synthetic_city(CITIES[name])
    write_osm_file(found, path)
    return str(path), json.dumps(city_outline(found).bounds), CRS


def main() -> None:
    """Print the tables asked for."""
    wanted = sys.argv[1:] or ["helsinki", "city", "million"]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        if "helsinki" in wanted:
            job = (str(helsinki_file()), json.dumps(HELSINKI_BOX), HELSINKI_CRS)
            compare("Helsinki", job, folder, 7)
        if "city" in wanted:
            compare("city", _city("city", folder), folder, 3)
        if "million" in wanted:
            million(_city("million", folder), folder)
            child(SCRIPT, "scicity", *_city("nodes", folder), str(folder / "nodes"))
            reading(folder / "nodes")
    print(f"\nload of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(CHILDREN[sys.argv[2]](*sys.argv[3:])))
    else:
        main()
