"""Results written to a folder, each file whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.crs import to_wgs84
from geo.files import write_text
from geo.geojson import feature_collection, write_geojson

SECONDS_DECIMALS = 3


@dataclass(frozen=True)
class LayerFile:
    """A layer to write: its name, its table and the column that names its features."""

    name: str
    frame: gpd.GeoDataFrame
    id_column: str | None = None


def _flat(value: Any) -> Any:
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else value
    )


def _flat_frame(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame as GeoJSON would hold it, lists and objects as JSON text."""
    collection = feature_collection(frame)
    records = [
        {key: _flat(value) for key, value in feature["properties"].items()}
        for feature in collection["features"]
    ]
    table = pd.DataFrame.from_records(
        records, columns=[c for c in frame.columns if c != "geometry"]
    )
    table = table.convert_dtypes()
    return gpd.GeoDataFrame(table, geometry=to_wgs84(frame).geometry.to_numpy(), crs="EPSG:4326")


def write_geopackage(layers: list[LayerFile], path: Path, date: str) -> None:
    """All layers in one GeoPackage, dated so that two runs give the same bytes.

    Parameters
    ----------
    layers
        What to write, in order.
    path
        Replaced as a whole.
    date
        ISO date written as the time of change.
    """
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z"})
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=".part-"))
    try:
        target = folder / path.name
        for number, layer in enumerate(layers):
            flat = _flat_frame(layer.frame)
            kind = None if len(flat) else "Unknown"
            # an older edition, so that the GDAL of long-lived systems reads it without a warning
            options = {} if number else {"dataset_options": {"VERSION": "1.2"}}
            pyogrio.write_dataframe(
                flat, target, layer=layer.name, append=number > 0, geometry_type=kind, **options
            )
        target.replace(path)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        shutil.rmtree(folder)


def write_csv(table: pd.DataFrame, path: Path, decimals: int = SECONDS_DECIMALS) -> None:
    """A table as CSV: UTF-8, Unix line ends, figures to the millisecond unless told otherwise."""
    text = table.to_csv(index=False, float_format=f"%.{decimals}f", lineterminator="\n")
    write_text(path, text)


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """An object as JSON, keys as given."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def write_layers(layers: list[LayerFile], folder: Path) -> None:
    """Each layer as `<name>.geojson`."""
    for layer in layers:
        write_geojson(layer.frame, folder / f"{layer.name}.geojson", id_column=layer.id_column)


def publish(staged: Path, out: Path) -> list[Path]:
    """Move finished files from a staging folder into place; what else is there stays.

    Returns
    -------
    list of Path
        The files in place, sorted.
    """
    out.mkdir(parents=True, exist_ok=True)
    moved = []
    for path in sorted(staged.iterdir()):
        path.replace(out / path.name)
        moved.append(out / path.name)
    return moved
