"""Run by the Python of QGIS: open a GeoPackage as QGIS does, and draw all of it.

    python3 qgis_project.py PACKAGE PICTURE

Prints JSON: of each layer its kind of renderer, its classes that have features, its aliases.
"""

import json
import sys

from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

SIZE = QSize(1200, 900)


def told(layer: QgsVectorLayer) -> dict[str, object]:
    renderer = layer.renderer()
    known = getattr(renderer, "categories", getattr(renderer, "ranges", list))()
    aliases = {field.name(): field.alias() for field in layer.fields() if field.alias()}
    return {
        "renderer": renderer.type(),
        "classes": [item.label() for item in known],
        "aliases": aliases,
        "features": layer.featureCount(),
    }


def main(package: str, picture: str) -> None:
    application = QgsApplication([], False)  # noqa: FBT003 - no window
    application.initQgis()
    names = [layer.GetName() for layer in ogr.Open(package)]
    layers, found = [], {}
    for name in names:
        if name == "layer_styles":
            continue
        layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
        if not layer.isValid():
            raise SystemExit(f"QGIS cannot open {name}")
        found[name] = told(layer)
        layers.append(layer)
    QgsProject.instance().addMapLayers(layers)
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(SIZE)
    settings.setExtent(next(x for x in layers if x.name() == "areas").extent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    if job.errors():
        raise SystemExit(str([error.message for error in job.errors()]))
    job.renderedImage().save(picture)
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    application.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
