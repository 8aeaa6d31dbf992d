"""Files of 2 GB: refused in words before they are opened, or read a part at a time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from coordinates import CRS

from geo.areal.rasters import read_raster
from geo.faults import BadInputError, Fault
from geo.formats.features import read_features
from geo.osm.file import read_osm_file
from layers.files.transit import read_transit
from layers.screenlines import read_screenlines
from scicity.settings.parsing import read_settings

TWO_GB = 2_000_000_000
LITTLE = 30_000_000
"""Bytes that may be taken to say that a file is too large."""
PLACE = shapely.box(106.2, 29.4, 106.5, 29.7)


def osm_faults(path: Path) -> list[Fault]:
    with pytest.raises(BadInputError) as told:
        read_osm_file(path, PLACE)
    return list(told.value.faults)


READERS: dict[str, Callable[[Path], list[Fault]]] = {
    "a.geojson": lambda path: read_features(path, None)[1],
    "a.csv": lambda path: read_features(path, None)[1],
    "a.gpkg": lambda path: read_features(path, None)[1],
    "a.shp": lambda path: read_features(path, None)[1],
    "lines.csv": lambda path: read_transit([path], CRS)[-1],
    "lines.geojson": lambda path: read_transit([path], CRS)[-1],
    "screenlines.csv": lambda path: read_screenlines(path)[1],
    "study.toml": lambda path: read_settings(path.parent)[1],
}
WITHOUT_LIMIT: dict[str, Callable[[Path], list[Fault]]] = {
    "area.osm.pbf": osm_faults,
    "area.osm": osm_faults,
    "people.tif": lambda path: read_raster(path, PLACE, "EPSG:4326")[1],
    "feed.zip": lambda path: read_transit([path], CRS)[-1],
}
"""Zeros are no such file, and that is seen without reading them all at once."""


def zeros(path: Path) -> Path:
    """A file that takes no room where the disk can leave holes."""
    with path.open("wb") as file:
        file.truncate(TWO_GB)
    return path


def peak(does: Callable[[], list[Fault]]) -> tuple[list[Fault], int]:
    tracemalloc.start()
    try:
        return does(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", READERS)
def test_two_gigabytes_are_refused_with_the_limit(tmp_path: Path, name: str) -> None:
    path = zeros(tmp_path / name)
    (fault,), took = peak(lambda: READERS[name](path))
    assert (fault.code, fault.file, fault.message) == ("file-too-large", name, "it has 2000 MB")
    assert fault.allowed.startswith("up to ")
    assert took < LITTLE


@pytest.mark.parametrize("name", WITHOUT_LIMIT)
def test_two_gigabytes_of_nothing_are_unreadable(tmp_path: Path, name: str) -> None:
    path = zeros(tmp_path / name)
    (fault,), took = peak(lambda: WITHOUT_LIMIT[name](path))
    assert (fault.code, fault.file) == ("file-unreadable", name)
    assert took < LITTLE


def test_the_parts_of_a_shapefile_count(tmp_path: Path) -> None:
    for ending in (".shp", ".shx"):
        (tmp_path / f"a{ending}").write_bytes(bytes(100))
    zeros(tmp_path / "a.dbf")
    (fault,) = read_features(tmp_path / "a.shp", None)[1]
    assert (fault.code, fault.file) == ("file-too-large", "a.dbf")


def test_parquet_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").touch()
    (fault,) = read_features(tmp_path / "a.parquet", None)[1]
    assert fault.code == "file-kind-unknown"
