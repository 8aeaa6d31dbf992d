"""Seconds between places by OSRM's table; run by `osrm_peer.py` in the router's own environment.

    ROUTER_PYTHON benchmarks/osrm_table.py FOLDER PROFILE

FOLDER holds `streets.osm.pbf`; PROFILE is `seconds` (`osrm_seconds.lua`) or `car` (the package's).
Extracts and contracts where FOLDER has no contraction yet, and then answers the questions that come
in, one line of JSON each with `from` and `to` (rows of longitude and latitude) and perhaps `file`:
prints the seconds that the table took, and writes the table itself (float64, a row a start, not a
number where there is no way) to that file. Needs the package osrm-bindings and nothing else:
neither NumPy nor this project.
"""

from __future__ import annotations

import array
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import osrm

NAME = "streets"


def profile(name: str) -> str:
    """The file of a profile."""
    if name == "seconds":
        return str(Path(__file__).with_name("osrm_seconds.lua"))
    return str(Path(osrm.__file__).parent / "share" / "profiles" / f"{name}.lua")


def prepare(folder: Path, lua: str) -> None:
    """Extract and contract, unless a contraction is there; minutes for a grid of 100,000 nodes."""
    if (folder / f"{NAME}.osrm.hsgr").exists():
        return
    for step in (("extract", "-p", lua, f"{NAME}.osm.pbf"), ("contract", f"{NAME}.osrm")):
        start = time.perf_counter()
        command = [sys.executable, "-m", "osrm", *step]
        log = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        (folder / f"{step[0]}.log").write_text(log.stdout + log.stderr, encoding="utf-8")
        print(f"{step[0]}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


def answer(engine: Any, asked: dict[str, Any]) -> float:
    """Seconds that the table took; writes it where asked."""
    places = [tuple(place) for place in (*asked["from"], *asked["to"])]
    rows = len(asked["from"])
    routable = osrm.TableParameters(
        coordinates=places,
        sources=range(rows),
        destinations=range(rows, len(places)),
        annotations=["duration"],
        generate_hints=False,
    )
    start = time.perf_counter()
    found = engine.Table(routable)
    took = time.perf_counter() - start
    if asked.get("file"):
        table = array.array("d")
        for row in found["durations"]:
            table.extend(float("nan") if secs is None else secs for secs in row)
        Path(asked["file"]).write_bytes(table.tobytes())
    return took


def main() -> None:
    """Answer until the input ends."""
    folder = Path(sys.argv[1]).resolve()
    prepare(folder, profile(sys.argv[2]))
    engine = osrm.OSRM(
        algorithm="CH", storage_config=str(folder / f"{NAME}.osrm"), use_shared_memory=False
    )
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(engine, json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
