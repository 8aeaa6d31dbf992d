"""Writing tables and layers, each file atomically."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.files import write_text
from geo.formats.geojson import write_geojson

SECONDS_DECIMALS = 3


@dataclass(frozen=True)
class LayerFile:
    """A layer to write: its name, its table and the column that names its features."""

    name: str
    frame: gpd.GeoDataFrame
    id_column: str | None = None


def write_csv(table: pd.DataFrame, path: Path, decimals: int = SECONDS_DECIMALS) -> None:
    """Write a table as CSV: UTF-8, Unix line ends, by default three decimals (milliseconds)."""
    text = table.to_csv(index=False, float_format=f"%.{decimals}f", lineterminator="\n")
    write_text(path, text)


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write an object as JSON, keys in the given order."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def write_layers(layers: list[LayerFile], folder: Path) -> None:
    """Write each layer as `<name>.geojson`."""
    for layer in layers:
        write_geojson(layer.frame, folder / f"{layer.name}.geojson", id_column=layer.id_column)
