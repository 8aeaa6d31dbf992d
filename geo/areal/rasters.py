"""Count rasters (GeoTIFF), such as the population grids of WorldPop and GHSL."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from geo.faults import Fault

SUFFIXES = (".tif", ".tiff")

_FARTHEST = 1e9
"""Larger than any coordinate on earth, in metres or degrees."""

_STEPS = 64
"""Segments of the longer side of a box that is transformed to another CRS."""

_COVERED = 0.99
"""Share of the study area that a raster must cover, or there is a warning."""

# GDAL reads the file only: sidecar files are neither hashed nor copied with the study
_ONE_FILE = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_PAM_ENABLED": "NO",
}


@dataclass(frozen=True)
class Raster:
    """The part of a raster that covers a place.

    Attributes
    ----------
    counts
        By row and column; 0 where the file has no data.
    transform
        Affine transform from column and row to the CRS: a, b, c, d, e, f of
        x = a column + b row + c, y = d column + e row + f.
    crs
        The raster's CRS, as WKT.
    """

    counts: np.ndarray
    transform: tuple[float, ...]
    crs: str

    def corners(self, crs: str, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Corners of cells in another CRS, x and y along the last axis.

        Examples
        --------
        >>> raster = Raster(np.ones((1, 1)), (100, 0, 600_000, 0, -100, 3_270_000), "EPSG:32648")
        >>> raster.corners("EPSG:32648", np.array([0, 1]), np.array([0, 1])).tolist()
        [[600000.0, 3270000.0], [600100.0, 3269900.0]]
        """
        a, b, c, d, e, f = self.transform
        transformer = pyproj.Transformer.from_crs(self.crs, crs, always_xy=True)
        x, y = a * columns + b * rows + c, d * columns + e * rows + f
        return np.stack(transformer.transform(x, y), axis=-1)


class _WrongFileError(Exception):
    """The file cannot be used: code, message and what is allowed."""


def _check_source(source: Any) -> None:
    """Raise unless an open file is one georeferenced band of numbers."""
    if source.count != 1:
        raise _WrongFileError("raster-bands", f"it has {source.count} bands", "one band of counts")
    if np.dtype(source.dtypes[0]).kind not in "iuf":
        raise _WrongFileError("value-wrong-type", f"cells are {source.dtypes[0]}", "numbers")
    if source.crs is None:
        raise _WrongFileError("crs-missing", "it names no coordinate system", "a GeoTIFF with one")
    plausible = np.all(np.abs(source.transform) < _FARTHEST)
    if source.transform.is_identity or source.transform.is_degenerate or not plausible:
        raise _WrongFileError("raster-not-placed", "it does not say where it lies", "a GeoTIFF")


def _transformers(crs: str, wkt: str) -> tuple[pyproj.Transformer, pyproj.Transformer]:
    """Transformers from the study area's CRS to the file's, and back."""
    try:
        to_file = pyproj.Transformer.from_crs(crs, wkt, always_xy=True)
        return to_file, pyproj.Transformer.from_crs(wkt, crs, always_xy=True)
    except ProjError as error:
        raise _WrongFileError("crs-wrong", str(error), "a known coordinate system") from error


def _box_ring(box: tuple[float, float, float, float]) -> np.ndarray:
    """Densified outline of a box (n, 2), because its sides are curved in another CRS."""
    step = max(box[2] - box[0], box[3] - box[1]) / _STEPS
    return shapely.get_coordinates(shapely.segmentize(shapely.box(*box), step))


def _window(source: Any, ring: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns that cover a ring in the file's CRS, and a margin of one cell."""
    reason = "it does not reach the study area", "a raster of the study area"
    a, b, c, d, e, f, *_ = ~source.transform
    place = np.stack([a * ring[:, 0] + b * ring[:, 1] + c, d * ring[:, 0] + e * ring[:, 1] + f])
    if not np.isfinite(place).all():
        raise _WrongFileError("raster-elsewhere", *reason)
    size = np.array([source.width, source.height])
    first = np.clip(np.floor(place.min(axis=1)) - 1, 0, size).astype(int)
    last = np.clip(np.ceil(place.max(axis=1)) + 1, 0, size).astype(int)
    if (first >= last).any():
        raise _WrongFileError("raster-elsewhere", *reason)
    return slice(first[1], last[1]), slice(first[0], last[0])


def _counts(source: Any, window: Any) -> np.ndarray:
    """The counts of a window; no data, NaN and negative values (no data in some rasters) are 0."""
    raw = source.read(1, window=window, masked=True).astype(float)
    values = raw.filled(np.nan) * source.scales[0] + source.offsets[0]
    return np.where(np.isfinite(values) & (values > 0), values, 0.0)


def _read(path: Path, place: BaseGeometry, crs: str) -> Raster:
    # optional and slow to import, and needed only by studies with rasters
    import rasterio  # noqa: PLC0415
    from rasterio.windows import Window  # noqa: PLC0415

    with rasterio.Env(**_ONE_FILE), rasterio.open(path, driver="GTiff") as source:
        _check_source(source)
        wkt = str(source.crs.to_wkt())
        to_file, _ = _transformers(crs, wkt)
        ring = np.column_stack(to_file.transform(*_box_ring(place.bounds).T))
        window = Window.from_slices(*_window(source, ring))
        counts = _counts(source, window)
        transform = tuple(source.window_transform(window))[:6]
    return Raster(counts, transform, wkt)


def _small_warning(raster: Raster, place: BaseGeometry, crs: str, file: str) -> list[Fault]:
    height, width = raster.counts.shape
    ring = raster.corners(crs, *_box_ring((0, 0, width, height)).T)
    if not np.isfinite(ring).all():  # a cell that spans half the earth has no outline in the CRS
        return []
    share = shapely.make_valid(shapely.Polygon(ring)).intersection(place).area / place.area
    if share >= _COVERED:
        return []
    message, allowed = f"it covers {share:.0%} of the study area", "a raster of all of it"
    return [Fault(file, "", "raster-too-small", message, allowed, "warning")]


def read_raster(path: Path, place: BaseGeometry, crs: str) -> tuple[Raster | None, list[Fault]]:
    """Read the part of a count GeoTIFF that covers a place, with a margin of one cell.

    Parameters
    ----------
    path
        One band of counts by cell (not densities), in any CRS, north-up or rotated.
    place
        Polygon or polygons.
    crs
        The CRS of the place.

    Returns
    -------
    Raster or None
        None if the file cannot be used.
    list of Fault
        The reason; or a warning that the raster covers only a part of the place.
    """
    if not path.is_file():
        return None, [Fault(path.name, "", "file-missing", "there is no such file", path.name)]
    try:
        with warnings.catch_warnings():
            # rasterio warns of files without georeference, which are a fault already
            warnings.simplefilter("ignore")
            raster = _read(path, place, crs)
    except ImportError:
        message, allowed = "GeoTIFF needs the package rasterio", 'pip install "scicity[raster]"'
        return None, [Fault(path.name, "", "rasterio-missing", message, allowed)]
    except _WrongFileError as error:
        return None, [Fault(path.name, "", *error.args)]
    except (OSError, ValueError) as error:  # what rasterio raises on a damaged file
        message = str(error.__cause__ or error).replace(str(path), path.name)
        return None, [Fault(path.name, "", "file-unreadable", message, "a whole GeoTIFF")]
    return raster, _small_warning(raster, place, crs, path.name)
