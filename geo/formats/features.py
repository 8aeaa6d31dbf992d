"""Features of a file, whatever its kind: GeoJSON, Shapefile, GeoPackage or a table of points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field
from geo.formats.csv_points import read_point_table
from geo.formats.geojson import Layer, Read, checked_layer, read_geojson
from geo.formats.vector_files import GEOPACKAGE, SHAPEFILE, read_vector_file

GEOJSON = (".geojson", ".json")
TABLE = ".csv"
SUFFIXES = (*GEOJSON, SHAPEFILE, GEOPACKAGE, TABLE)


def read_features(
    path: Path, fields: Sequence[Field] | None, datum: Datum = None
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The features of a file as GeoJSON has them, in its own datum, not yet checked.

    Parameters
    ----------
    path
        What it is follows from its name.
    fields
        Its columns; None if they may be what they like.
    datum
        As the study declares it, see `geo.datums`.
    """
    ending = path.suffix.lower()
    if ending in GEOJSON:
        return read_geojson(path, datum)
    if ending == TABLE:
        return read_point_table(path, fields, datum)
    if ending in (SHAPEFILE, GEOPACKAGE):
        return read_vector_file(path, fields, datum)
    message = f"its name ends in {path.suffix!r}"
    return [], [Fault(path.name, "", "file-kind-unknown", message, ", ".join(SUFFIXES))]


def read_layer(path: Path, layer: Layer, datum: Datum = None) -> Read:
    """Read a file that holds one kind of feature and check every one of them.

    Returns
    -------
    GeoDataFrame
        The sound features, columns as in `layer.fields`, EPSG:4326.
    list of Fault
    """
    features, faults = read_features(path, layer.fields, datum)
    table, wrong = checked_layer(features, layer, path.name, datum)
    return table, faults + wrong
