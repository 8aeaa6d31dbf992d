"""Layers in one GeoPackage, with the styles that QGIS loads by itself."""

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
"""The QML of a layer by its name and features; None for the look that QGIS chooses."""

KINDS = {"Point": "point", "LineString": "line", "Polygon": "polygon"}
STYLE_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
"""As QGIS itself makes it."""


def _flat(value: Any) -> Any:
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else value
    )


def flat_frame(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
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


def by_kind(layer: LayerFile) -> Iterator[LayerFile]:
    """A layer of points and lines as two, since QGIS styles and other tools know one kind only."""
    kinds = layer.frame.geometry.geom_type.str.removeprefix("Multi")
    found = sorted(set(kinds))
    if len(found) <= 1:
        yield layer
        return
    for kind in found:
        name = f"{layer.name}_{KINDS.get(kind, kind.lower())}"
        yield LayerFile(name, layer.frame.loc[kinds == kind], layer.id_column)


def _add_styles(path: Path, styles: dict[str, str], date: str) -> None:
    """The table in which QGIS looks for the look of a layer."""
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
    # an older edition, so that the GDAL of long-lived systems reads it without a warning
    options = {"dataset_options": {"VERSION": "1.2"}} if first else {}
    pyogrio.write_dataframe(
        flat, target, layer=name, append=not first, geometry_type=kind, **options
    )


def write_geopackage(
    layers: list[LayerFile], path: Path, date: str, styles: Styles = lambda *_: None
) -> None:
    """All layers in one GeoPackage, dated so that two runs give the same bytes.

    Parameters
    ----------
    layers
        What to write, in order; one of points and lines becomes two, `<name>_line` and
        `<name>_point`.
    path
        Replaced as a whole.
    date
        ISO date written as the time of change.
    styles
        How QGIS is to draw each.
    """
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z"})
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=".part-"))
    try:
        target = folder / path.name
        found: dict[str, str] = {}
        for layer in (part for whole in layers for part in by_kind(whole)):
            flat = flat_frame(layer.frame)
            _write_layer(flat, target, layer.name, first=not target.exists())
            style = styles(layer.name, flat)
            found |= {layer.name: style} if style else {}
        if found:
            _add_styles(target, found, date)
        target.replace(path)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        shutil.rmtree(folder)


def write_styled(study: Study, layers: list[LayerFile], path: Path) -> None:
    """Layers with styles and Chinese names of their columns, dated by the study's baseline."""
    # the drawing libraries are slow to load and only this needs them
    from maps.qgis.layer_styles import qgis_style  # noqa: PLC0415
    from maps.qgis.qml import qml  # noqa: PLC0415

    named = study.settings.opportunities.items()
    counts = {name: entry.name_zh for name, entry in named if entry.name_zh}

    def style(name: str, frame: gpd.GeoDataFrame) -> str | None:
        found = qgis_style(name, frame, counts)
        return qml(found) if found else None

    write_geopackage(layers, path, str(study.settings.study.baseline_date), style)
