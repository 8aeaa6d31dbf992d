"""A study's layers in one GeoPackage as QGIS should show them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from scicity.inputs.study import Study
from scicity.outputs.files import LayerFile
from scicity.outputs.geopackage import write_geopackage


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
