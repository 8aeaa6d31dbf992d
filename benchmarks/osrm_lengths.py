"""Lengths of shortest ways by OSRM; run by `osm_crosscheck.py` in the router's own environment.

    ROUTER_PYTHON benchmarks/osrm_lengths.py FOLDER

FOLDER holds `extract.osm.pbf` and `pairs.json` (rows of longitude, latitude, longitude, latitude).
Prints one line of JSON: `router` (name and version) and `metres`, one a pair, null where there is
no way. Needs the package osrm-bindings and nothing else: neither NumPy nor this project.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import osrm

SNAP_M = 1.0
"""The pairs are nodes of streets; where the router has no street there, it shall say so."""
BY_SPEED, BY_LENGTH = "= 'routability',", "= 'distance',"
"""What the car profile that comes with the package makes its weights of, and what it shall."""


def profile(folder: Path) -> Path:
    """The car profile of the package with metres as weights, and no other change."""
    shared = Path(osrm.__file__).parent / "share" / "profiles"
    car = Path(shutil.copytree(shared, folder / "profiles")) / "car.lua"
    text = car.read_text(encoding="utf-8")
    if text.count(BY_SPEED) != 1:
        sys.exit("the car profile of this edition of OSRM names its weights otherwise")
    car.write_text(text.replace(BY_SPEED, BY_LENGTH), encoding="utf-8")
    return car


def metres(engine: Any, pair: Sequence[float]) -> float | None:
    """Length of the shortest way; None if there is none."""
    ends = [(pair[0], pair[1]), (pair[2], pair[3])]
    try:
        found = engine.Route(osrm.RouteParameters(coordinates=ends, radiuses=[SNAP_M, SNAP_M]))
    except RuntimeError:
        return None
    return float(found["routes"][0]["distance"])


def main() -> None:
    """Answer the folder's question."""
    folder = Path(sys.argv[1]).resolve()
    steps = (("extract", "-p", str(profile(folder)), "extract.osm.pbf"), ("contract", "extract"))
    for step in steps:
        command = [sys.executable, "-m", "osrm", *step]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    engine = osrm.OSRM(
        algorithm="CH", storage_config=str(folder / "extract.osrm"), use_shared_memory=False
    )
    pairs = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
    router = f"OSRM (osrm-bindings {version('osrm-bindings')})"
    print(json.dumps({"router": router, "metres": [metres(engine, pair) for pair in pairs]}))


if __name__ == "__main__":
    main()
