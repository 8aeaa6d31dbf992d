"""How long each package takes to import, in a fresh process, beside geopandas alone.

python benchmarks/import_time.py
"""

from __future__ import annotations

import pkgutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geo", "layers", "analysis", "maps", "scicity")
RUNS = 5


def modules(package: str) -> list[str]:
    """Every module of a package."""
    found = pkgutil.iter_modules([str(ROOT / package)])
    return [f"{package}.{item.name}" for item in found if item.name != "__main__"]


def seconds(names: list[str]) -> float:
    """Median time to import the modules in a fresh process, less that of an empty one."""
    taken = []
    for statement in ("pass", "import " + ", ".join(names)):
        runs = []
        for _ in range(RUNS):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True)
            runs.append(time.perf_counter() - start)
        taken.append(statistics.median(runs))
    return taken[1] - taken[0]


def main() -> None:
    """Print a row a package."""
    alone = seconds(["geopandas"])
    print(f"{'geopandas alone':16} {alone:5.2f} s")
    for package in PACKAGES:
        took = seconds(modules(package))
        print(f"{package:16} {took:5.2f} s  {took / alone:4.1f} x geopandas (goal: under 1.5 s)")


if __name__ == "__main__":
    main()
