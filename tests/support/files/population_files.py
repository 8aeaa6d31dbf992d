"""Files of people and other counts, and a study area of two halves to count them in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from coordinates import CRS, ORIGIN
from rasterio.transform import Affine

from geo.areal.area_shares import spread_counts
from geo.areal.raster_cells import cells
from geo.areal.rasters import Raster, read_raster
from geo.areas import StudyArea
from geo.formats.geojson import write_geojson

X, Y = ORIGIN
SQUARE = shapely.box(X, Y, X + 200, Y + 200)


def tif(path: Path, counts: Any, transform: Affine | None = None, **profile: Any) -> Path:
    """A GeoTIFF of counts; cells of 100 m whose south-west corner is `ORIGIN` unless told."""
    rows = np.atleast_2d(np.asarray(counts))
    how: dict[str, Any] = {
        "driver": "GTiff",
        "height": rows.shape[0],
        "width": rows.shape[1],
        "count": 1,
        "dtype": rows.dtype if rows.dtype.kind == "f" else "float64",
        "crs": CRS,
        "transform": transform or Affine(100, 0, X, 0, -100, Y + 100 * rows.shape[0]),
        **profile,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", **how) as target:
        for band in range(1, how["count"] + 1):
            target.write(rows.astype(how["dtype"]), band)
    return path


def raster_of(path: Path, place: shapely.Geometry = SQUARE, crs: str = CRS) -> Raster:
    raster, faults = read_raster(path, place, crs)
    assert raster is not None, faults
    return raster


def spread(raster: Raster, zones: Iterable[shapely.Geometry]) -> list[float]:
    """The counts in zones, of all strips of the raster's cells."""
    shapes = np.array(list(zones))
    found = np.zeros(len(shapes))
    for patch in cells(raster, shapely.union_all(shapes), CRS):
        found += spread_counts(patch["count"].to_numpy(), patch.geometry.to_numpy(), shapes)
    return found.tolist()


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Metres from `ORIGIN`."""
    return shapely.box(X + west, Y + south, X + east, Y + north)


# Zones of a study area ----------------------------------------------------------------------

HALVES = gpd.GeoDataFrame(
    {"area_id": ["west", "east"], "role": "ring"},
    geometry=[
        shapely.Polygon([(X, Y), (X + 2_600, Y), (X + 3_100, Y + 4_000), (X, Y + 5_000)]),
        shapely.Polygon([(X + 2_600, Y), (X + 6_000, Y + 300), (X + 3_100, Y + 4_000)]),
    ],
    crs=CRS,
)
AREA = StudyArea(HALVES)


def by_area(zones: gpd.GeoDataFrame, column: str = "population") -> dict[str, float]:
    return {str(k): float(v) for k, v in zones.groupby("area_id")[column].sum().items()}


def layer(path: Path, shapes: list[shapely.Geometry], **columns: Any) -> Path:
    """A GeoJSON file of features at metres in `CRS`."""
    write_geojson(gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS), path)
    return path


# Bad input ----------------------------------------------------------------------------------


def cut_short(path: Path, part: float) -> Path:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    return path


def plain(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def edited(folder: Path, was: str, now: str) -> None:
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
