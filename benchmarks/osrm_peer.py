"""OSRM as a peer: the same streets as its input file, its table in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from synthetic_grid import CRS, HIGHWAY, StreetArrays, points_of, streets_of

from geo.osm.elements import OsmElements
from geo.osm.writing import write_osm_file

TOLERANCE_SECS = 5.0
"""OSRM rounds each street to a tenth of a second: 0.05 s at most, times the streets of a trip."""

OSRM_DIGITS = 6
"""OSRM keeps positions in millionths of a degree."""


def lonlat(network: StreetArrays) -> np.ndarray:
    """Longitude and latitude of the nodes, rounded as OSRM does, so that it meets them exactly."""
    points = gpd.GeoSeries(points_of(network), crs=CRS).to_crs("EPSG:4326")
    return shapely.get_coordinates(points.to_numpy()).round(OSRM_DIGITS)


def write_streets(network: StreetArrays, path: Path, *, with_secs: bool = True) -> None:
    """The streets as an OpenStreetMap file: a way a street, its seconds as tag `secs` if wanted."""
    first, oneway = streets_of(network)
    kph = network.length_m[first] / network.secs[first] * 3.6
    columns = (network.secs[first], kph, HIGHWAY[network.rank[first]], oneway)
    tags = [
        {"highway": highway, "maxspeed": f"{speed:.0f}"}
        | ({"secs": f"{secs:.6f}"} if with_secs else {})
        | ({"oneway": "yes"} if one else {})
        for secs, speed, highway, one in zip(*(part.tolist() for part in columns), strict=True)
    ]
    tail, head = network.tail, network.head
    elements = OsmElements(
        node_ids=np.arange(1, network.nodes + 1),
        lonlat=lonlat(network),
        node_tags={},
        way_ids=np.arange(1, len(first) + 1),
        way_tags=tags,
        refs=np.stack([tail[first], head[first]], axis=1).ravel() + 1,
        starts=np.arange(0, 2 * len(first) + 1, 2),
        relations=(),
    )
    write_osm_file(elements, path)


class Osrm:
    """OSRM's contraction hierarchy of a network, ready to answer."""

    def __init__(self, process: subprocess.Popen[str], network: StreetArrays) -> None:
        self._process, self._places = process, lonlat(network)

    def _ask(self, origins: np.ndarray, targets: np.ndarray, file: str) -> float:
        asked = {
            "from": self._places[origins].tolist(),
            "to": self._places[targets].tolist(),
            "file": file,
        }
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("OSRM's process has no pipes")
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def secs(self, origins: np.ndarray, targets: np.ndarray) -> float:
        """How long the table takes, measured by OSRM's own process around its call alone."""
        return self._ask(origins, targets, "")

    def table(self, origins: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Seconds between the nodes; not a number where there is no way."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "table"
            self._ask(origins, targets, str(file))
            return np.fromfile(file).reshape(len(origins), len(targets))


@contextmanager
def osrm_of(
    network: StreetArrays, python: str, folder: Path, profile: str = "seconds"
) -> Iterator[Osrm]:
    """OSRM for a network; what it prepares is kept in the folder and used again.

    Parameters
    ----------
    network
        The streets.
    python
        A Python that has osrm-bindings.
    folder
        Where the prepared files are or shall be; they must belong to the same network.
    profile
        `seconds`: the network's own and free turns, so that its answers are ours. `car`: OSRM's
        car profile, with its turn costs, as most people run it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "streets.osm.pbf").exists():
        write_streets(network, folder / "streets.osm.pbf")
    script = str(Path(__file__).with_name("osrm_table.py"))
    with subprocess.Popen(
        [python, script, str(folder), profile],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            raise RuntimeError("OSRM could not be prepared; its logs are in the folder")
        yield Osrm(process, network)
        if process.stdin is not None:
            process.stdin.close()
