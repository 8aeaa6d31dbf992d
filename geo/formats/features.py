"""Features of a file of any format: GeoJSON, Shapefile, GeoPackage or a CSV of points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field
from geo.formats.csv_points import read_point_table
from geo.formats.geojson import LayerSchema, TableAndFaults, checked_layer, read_geojson
from geo.formats.vector_files import GEOPACKAGE, SHAPEFILE, read_vector_file

GEOJSON = (".geojson", ".json")
TABLE = ".csv"
SUFFIXES = (*GEOJSON, SHAPEFILE, GEOPACKAGE, TABLE)


def read_features(
    path: Path, fields: Sequence[Field] | None, datum: Datum = None
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The features of a file as GeoJSON features, in its own datum, not yet checked.

    Parameters
    ----------
    path
        The format follows from the ending of its name.
    fields
        The allowed columns; None for any columns.
    datum
        The datum that the study declares for the file, see `geo.datums`.
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


def read_layer(path: Path, layer: LayerSchema, datum: Datum = None) -> TableAndFaults:
    """Read a file with one kind of feature and check every feature.

    Returns
    -------
    GeoDataFrame
        The valid features, columns as in `layer.fields`, EPSG:4326.
    list of Fault
    """
    features, faults = read_features(path, layer.fields, datum)
    table, feature_faults = checked_layer(features, layer, path.name, datum)
    return table, faults + feature_faults
