"""One job of cafein, run by an interpreter that has it: CPU seconds and pairs as JSON.

PYTHON benchmarks/timetable_peer.py FOLDER one|window
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
from cafein import TransportNetwork, TravelTimeMatrix

WALK = {"max_walking_time": 30, "walking_speed_kmph": 3.6}
WINDOW = {"departure_time_window": 60, "percentiles": [5, 50, 95]}


def main(folder: str, job: str) -> None:
    """Time the second of two runs of one departure, or the only one of a window."""
    warnings.simplefilter("ignore")
    here = Path(folder)
    feeds = [str(here / "poa_eptc.zip"), str(here / "poa_trensurb.zip")]
    began = time.process_time()
    network = TransportNetwork.from_gtfs(
        feeds,
        osm_pbf=str(here / "poa_osm.pbf"),
        walking_speed_kmph=3.6,
        trip_distances=False,
        leg_geometries=False,
    )
    built = time.process_time() - began
    cells = pd.read_csv(here / "poa_hexgrid.csv")
    at = gpd.points_from_xy(cells["lon"], cells["lat"])
    points = gpd.GeoDataFrame({"id": cells["id"]}, geometry=at, crs=4326)
    options = WINDOW if job == "window" else {}
    for _ in range(1 if job == "window" else 2):
        began = time.process_time()
        found = TravelTimeMatrix(
            network, points, departure="2019-05-13 14:00", max_rides=4, **WALK, **options
        )
        secs = time.process_time() - began
    print(json.dumps({"build": built, "secs": secs, "pairs": len(found)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
