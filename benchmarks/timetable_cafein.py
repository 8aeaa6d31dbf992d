"""Travel times and walks of cafein in Porto Alegre, run by an interpreter that has it.

PYTHON benchmarks/timetable_cafein.py FOLDER RESULT.npz

Walking 3.6 km/h, up to 30 minutes before, after and all the way, 20 between vehicles; at most four
rides. Writes seconds, -1 where there is none: `moment` (at 14:00), `p5`, `p50`, `p95` (of the hour
from 14:00), `access` (hexagons x stops), `between` (stops x stops) and `direct` (hexagons x
hexagons), with the ids of `stops`.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from cafein import TransportNetwork, TravelTimeMatrix
from cafein.streets import walking_footpaths

WALK = {"max_walking_time": 30, "walking_speed_kmph": 3.6}
WINDOW = {"departure_time_window": 60, "percentiles": [5, 50, 95]}
UNITS = {"output_time_units": "seconds"}
NO_BUS = "2019-05-13 02:30"
"""So long before the first vehicle that who arrives within half an hour has walked."""


def table(found: pd.DataFrame, column: str, ids: pd.Index) -> np.ndarray:
    """A column as origins x destinations."""
    secs = np.full((len(ids), len(ids)), -1.0)
    rows, columns = ids.get_indexer(found["from_id"]), ids.get_indexer(found["to_id"])
    secs[rows, columns] = found[column].fillna(-1)
    return secs


def walks(network: TransportNetwork, here: Path, cells: pd.DataFrame) -> dict[str, np.ndarray]:
    """Seconds from hexagons to stops, and between stops."""
    stops = pd.Index([stop for stop, _, _ in network.stops])
    access = np.full((len(cells), len(stops)), -1.0)
    for row, (lat, lon) in enumerate(zip(cells["lat"], cells["lon"], strict=True)):
        found = network.access_stops(lat, lon, **WALK)
        access[row, stops.get_indexer(list(found))] = list(found.values())
    between = np.full((len(stops), len(stops)), -1.0)
    np.fill_diagonal(between, 0)
    paths = walking_footpaths(str(here / "poa_osm.pbf"), network.stops, walking_speed_kmph=3.6)
    start, end, secs, _ = zip(*paths, strict=True)
    between[stops.get_indexer(start), stops.get_indexer(end)] = secs
    return {"access": access, "between": between, "stops": stops.to_numpy(dtype=str)}


def main(folder: str, result: str) -> None:
    """Ask cafein and write all tables."""
    warnings.simplefilter("ignore")
    here = Path(folder)
    network = TransportNetwork.from_gtfs(
        [str(here / "poa_eptc.zip"), str(here / "poa_trensurb.zip")],
        osm_pbf=str(here / "poa_osm.pbf"),
        walking_speed_kmph=3.6,
        trip_distances=False,
        leg_geometries=False,
    )
    cells = pd.read_csv(here / "poa_hexgrid.csv")
    at = gpd.points_from_xy(cells["lon"], cells["lat"])
    points = gpd.GeoDataFrame({"id": cells["id"]}, geometry=at, crs=4326)
    ids = pd.Index(cells["id"])

    def asked(departure: str, **options: object) -> pd.DataFrame:
        return TravelTimeMatrix(
            network, points, departure=departure, max_rides=4, **UNITS, **WALK, **options
        )

    moment = table(asked("2019-05-13 14:00"), "travel_time", ids)
    on_foot = table(asked(NO_BUS), "travel_time", ids)
    window = asked("2019-05-13 14:00:30", **WINDOW)
    shares = {f"p{share}": table(window, f"travel_time_p{share}", ids) for share in (5, 50, 95)}
    direct = np.where(on_foot <= 60 * WALK["max_walking_time"], on_foot, -1)
    np.savez_compressed(
        result, moment=moment, direct=direct, **shares, **walks(network, here, cells)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
