"""Further formats of results, on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyogrio

from geo.crs import to_wgs84
from geo.files import replacing
from scicity.outputs.files import LayerFile
from scicity.outputs.geopackage import flat_frame, split_by_geometry

Write = Callable[[LayerFile, Path], None]


def _write_flatgeobuf(layer: LayerFile, folder: Path) -> None:
    with replacing(folder / f"{layer.name}.fgb") as temporary:
        pyogrio.write_dataframe(flat_frame(layer.frame), temporary, driver="FlatGeobuf")


def _write_geoparquet(layer: LayerFile, folder: Path) -> None:
    """GeoParquet 1.1, with the bounding box of each feature for spatial filters."""
    with replacing(folder / f"{layer.name}.parquet") as temporary:
        flat_frame(layer.frame).to_parquet(
            temporary, index=False, schema_version="1.1.0", write_covering_bbox=True
        )


def _write_kml(layer: LayerFile, folder: Path) -> None:
    with replacing(folder / f"{layer.name}.kml") as temporary:
        pyogrio.write_dataframe(flat_frame(layer.frame), temporary, driver="KML")


def _write_dxf(layer: LayerFile, folder: Path) -> None:
    """Lines, points and outlines in degrees; DXF has no columns."""
    shapes = to_wgs84(layer.frame)[["geometry"]].explode(ignore_index=True)
    shapes = shapes.assign(Layer=layer.name)
    with replacing(folder / f"{layer.name}.dxf") as temporary:
        pyogrio.write_dataframe(shapes, temporary, driver="DXF")


FORMATS: dict[str, Write] = {
    "flatgeobuf": _write_flatgeobuf,
    "geoparquet": _write_geoparquet,
    "kml": _write_kml,
    "dxf": _write_dxf,
}
"""Formats of vector layers, by their name in the option."""
RASTERS, EXCEL = "geotiff", "excel-csv"
ALSO = (*FORMATS, RASTERS, EXCEL)
MARK = b"\xef\xbb\xbf"
"""Byte order mark of UTF-8; without it, Excel reads Chinese in a wrong encoding."""


def write_also(layers: Sequence[LayerFile], formats: Sequence[str], folder: Path) -> None:
    """Write each layer with features in some formats; a layer of points and lines becomes two.

    Parameters
    ----------
    layers
        Layers to write.
    formats
        Names of `FORMATS`; other names are ignored.
    folder
        Folder of the files.
    """
    parts = [part for layer in layers if len(layer.frame) for part in split_by_geometry(layer)]
    for write in [FORMATS[name] for name in dict.fromkeys(formats) if name in FORMATS]:
        for part in parts:
            write(part, folder)


def mark_for_excel(folder: Path) -> None:
    """Add the byte order mark of UTF-8 to all CSV files of a folder."""
    for path in sorted(folder.glob("*.csv")):
        with replacing(path) as temporary:
            temporary.write_bytes(MARK + path.read_bytes())
