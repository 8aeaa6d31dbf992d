"""Layers in one GeoPackage, with styles that QGIS loads by default."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.crs import to_wgs84
from geo.formats.geojson import feature_collection
from scicity.inputs.study import Study
from scicity.outputs.files import LayerFile

Styles = Callable[[str, gpd.GeoDataFrame], str | None]
"""QML of a layer by its name and features; None for the default style of QGIS."""

KINDS = {"Point": "point", "LineString": "line", "Polygon": "polygon"}
STYLE_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
"""Table of styles, as QGIS creates it."""


def _flat_value(value: Any) -> Any:
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else value
    )


def flat_frame(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame as in GeoJSON, with lists and objects as JSON texts."""
    collection = feature_collection(frame)
    records = [
        {key: _flat_value(value) for key, value in feature["properties"].items()}
        for feature in collection["features"]
    ]
    table = pd.DataFrame.from_records(
        records, columns=[c for c in frame.columns if c != "geometry"]
    )
    table = table.convert_dtypes()
    return gpd.GeoDataFrame(table, geometry=to_wgs84(frame).geometry.to_numpy(), crs="EPSG:4326")


def split_by_geometry(layer: LayerFile) -> Iterator[LayerFile]:
    """Split a layer by geometry type, since QGIS styles and other tools need a single type."""
    kinds = layer.frame.geometry.geom_type.str.removeprefix("Multi")
    present = sorted(set(kinds))
    if len(present) <= 1:
        yield layer
        return
    for kind in present:
        name = f"{layer.name}_{KINDS.get(kind, kind.lower())}"
        yield LayerFile(name, layer.frame.loc[kinds == kind], layer.id_column)


def _add_styles(path: Path, styles: dict[str, str], date: str) -> None:
    """Add the table in which QGIS looks up styles of layers."""
    row = (
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
        " update_time) VALUES ('', '', ?, 'geom', 'scicity', ?, '', 1, '', '', ?)"
    )
    moment = f"{date}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as package, package:
        package.execute(STYLE_TABLE)
        package.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
            " last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (moment,),
        )
        package.executemany(row, [(name, text, moment) for name, text in styles.items()])


def _write_layer(flat: gpd.GeoDataFrame, target: Path, name: str, *, first: bool) -> None:
    kind = None if len(flat) else "Unknown"
    # GeoPackage 1.2, which older versions of GDAL read without a warning
    options = {"dataset_options": {"VERSION": "1.2"}} if first else {}
    pyogrio.write_dataframe(
        flat, target, layer=name, append=not first, geometry_type=kind, **options
    )


def write_geopackage(
    layers: list[LayerFile], path: Path, date: str, styles: Styles = lambda *_: None
) -> None:
    """Write layers to one GeoPackage, with a fixed date so that two runs give the same bytes.

    Parameters
    ----------
    layers
        Layers in order; a layer of points and lines becomes two, `<name>_line` and
        `<name>_point`.
    path
        File to write, replaced as a whole.
    date
        ISO date written as time of change.
    styles
        Styles of the layers in QGIS.
    """
    date_before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z"})
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=".part-"))
    try:
        target = folder / path.name
        qml_by_layer: dict[str, str] = {}
        for layer in (part for whole in layers for part in split_by_geometry(whole)):
            flat = flat_frame(layer.frame)
            _write_layer(flat, target, layer.name, first=not target.exists())
            style = styles(layer.name, flat)
            qml_by_layer |= {layer.name: style} if style else {}
        if qml_by_layer:
            _add_styles(target, qml_by_layer, date)
        target.replace(path)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": date_before})
        shutil.rmtree(folder)


def write_styled(study: Study, layers: list[LayerFile], path: Path) -> None:
    """Write layers with styles and Chinese names of columns, dated by the study's baseline."""
    # imported late, as the drawing libraries are slow to load
    from maps.qgis.layer_styles import qgis_style  # noqa: PLC0415
    from maps.qgis.qml import qml  # noqa: PLC0415

    entries = study.settings.opportunities.items()
    counts = {name: entry.name_zh for name, entry in entries if entry.name_zh}

    def style(name: str, frame: gpd.GeoDataFrame) -> str | None:
        qgis = qgis_style(name, frame, counts)
        return qml(qgis) if qgis else None

    write_geopackage(layers, path, str(study.settings.study.baseline_date), style)
