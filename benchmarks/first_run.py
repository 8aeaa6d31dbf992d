"""Time and memory of `scicity run` on the bundled study, in a fresh process.

    python benchmarks/first_run.py

On Linux and macOS; memory is the largest resident size of the process.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time

GOAL_SECS = 60
GOAL_GB = 1.5


def main() -> None:
    """Run once and print both figures beside their goals."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "scicity", "run", "--out", f"{out}/out"], check=True)
        took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    gigabytes = peak * (1 if sys.platform == "darwin" else 1024) / 1e9
    print(f"time   {took:6.1f} s   goal under {GOAL_SECS} s on {os.cpu_count()} cores")
    print(f"memory {gigabytes:6.2f} GB  goal under {GOAL_GB} GB")


if __name__ == "__main__":
    main()
