"""Reading of Shapefiles and GeoPackages."""

from __future__ import annotations

import codecs
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
from shapely.geometry import mapping

from geo.datums import Datum, crs_faults
from geo.faults import Fault
from geo.fields import YES_NO, Field, column_faults
from geo.formats.encodings import encoding_of, encoding_warnings, unreadable_fault
from geo.formats.size_limits import size_faults

SHAPEFILE, GEOPACKAGE = ".shp", ".gpkg"
REQUIRED_SIDECARS = (".shx", ".dbf")
SIDECARS = (*REQUIRED_SIDECARS, ".prj", ".cpg")
"""Endings of the sidecar files of a `.shp`."""
NAME_LENGTH = 10
"""Column names of a Shapefile are truncated to this length (dBASE III)."""

Features = list[dict[str, Any]]
_BROKEN = (DataSourceError, DataLayerError, FeatureError, FieldError, ValueError, OSError)
_ALLOWED = "a whole Shapefile (.shp, .shx, .dbf, .prj) or GeoPackage"


def layer_files(path: Path) -> list[Path]:
    """The files of a layer: a Shapefile has several, with endings in upper or lower case."""
    if path.suffix.lower() != SHAPEFILE or not path.parent.is_dir():
        return [path]
    siblings = sorted(p for p in path.parent.iterdir() if p.stem == path.stem and p != path)
    return [path, *(p for p in siblings if p.suffix.lower() in SIDECARS)]


def _sidecar(path: Path, ending: str) -> Path | None:
    return next((p for p in layer_files(path) if p.suffix.lower() == ending), None)


def _attribute_encoding(path: Path) -> tuple[str | None, list[Fault]]:
    """The text encoding of a Shapefile: that of its `.cpg`, else detected."""
    table, codepage = _sidecar(path, ".dbf"), _sidecar(path, ".cpg")
    content = table.read_bytes() if table else b""
    start = int.from_bytes(content[8:10], "little")
    # the header has binary fields, and a column name in each of its 32-byte records
    names = b" ".join(
        content[at : at + 11].split(b"\0")[0] for at in range(32, max(start - 32, 32), 32)
    )
    texts = names + b"\n" + content[start:].rstrip(b"\x1a")
    if codepage is None:
        detected = encoding_of(texts)
        return detected, encoding_warnings(detected, path.name) if detected else [
            unreadable_fault(path.name)
        ]
    declared = codepage.read_text(encoding="ascii", errors="replace").strip()
    name = f"cp{declared.removeprefix('ANSI').strip()}" if declared[-1:].isdigit() else declared
    name = declared if declared.upper().startswith(("UTF", "ISO", "GB")) else name
    try:
        encoding = codecs.lookup(name).name
        texts.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        return None, [unreadable_fault(path.name, f"its .cpg says {declared!r}: {error}")]
    return encoding, []


def _missing_faults(path: Path) -> list[Fault]:
    needed = REQUIRED_SIDECARS if path.suffix.lower() == SHAPEFILE else ()
    return [
        Fault(path.name, "", "file-missing", f"there is no {ending} beside it", _ALLOWED)
        for ending in needed
        if _sidecar(path, ending) is None
    ]


def _length_faults(path: Path) -> list[Fault]:
    """A fault if a Shapefile is shorter than its header says (16-bit words, at byte 24)."""
    if path.suffix.lower() != SHAPEFILE:
        return []
    with path.open("rb") as file:
        expected = 2 * int.from_bytes(file.read(28)[24:], "big")
    size = path.stat().st_size
    if size >= expected:
        return []
    message = f"it has {size} bytes of {expected}"
    return [Fault(path.name, "", "file-unreadable", message, _ALLOWED)]


def _only_layer(path: Path) -> tuple[str | None, list[Fault]]:
    """The only layer with geometries; a fault if there is none, or several."""
    with_geometry = [str(name) for name, kind in pyogrio.list_layers(path) if kind]
    if len(with_geometry) == 1:
        return with_geometry[0], []
    message = (
        f"it has {len(with_geometry)} layers: {', '.join(with_geometry)}"
        if with_geometry
        else "it has no layer"
    )
    return None, [Fault(path.name, "", "layer-unclear", message, "one layer with geometries")]


def _plain(value: Any, kind: str) -> Any:
    """A cell as a JSON value; empty cells are None.

    The file may hold whole numbers as 3.0, and booleans as 1, 0 or text.
    """
    if isinstance(value, np.generic):
        value = None if isinstance(value, np.datetime64) and np.isnat(value) else value.item()
    if isinstance(value, float) and np.isnan(value):
        return None
    if isinstance(value, str):
        value = value.strip() or None
    if isinstance(value, float) and kind in ("whole", "yes_no") and value.is_integer():
        value = int(value)
    return YES_NO.get(str(value).lower(), value) if kind == "yes_no" else value


def _full_names(names: Sequence[str], fields: Sequence[Field]) -> list[str]:
    """Names truncated by a Shapefile, restored if only one column can be meant.

    Examples
    --------
    >>> _full_names(["opportunit", "kind"], [Field("opportunity_id"), Field("kind")])
    ['opportunity_id', 'kind']
    """
    known = [field.name for field in fields]
    full_names = []
    for name in names:
        candidates = [full for full in known if full.startswith(name) and full not in names]
        is_truncated = (
            len(name.encode()) == NAME_LENGTH and name not in known and len(candidates) == 1
        )
        full_names.append(candidates[0] if is_truncated else name)
    return full_names


def _columns(
    names: Sequence[str], values: Sequence[Any], kinds: Sequence[Field] | None, *, truncated: bool
) -> dict[str, list[Any]]:
    """Cells by column, with restored names."""
    fields = {field.name: field for field in kinds or ()}
    full = _full_names(names, kinds) if truncated and kinds else names
    table = {}
    for name, cells in zip(full, values, strict=True):
        kind = fields[name].kind if name in fields else "any"
        table[name] = [_plain(cell, kind) for cell in cells]
    return table


def _read(
    path: Path, fields: Sequence[Field] | None, datum: Datum, encoding: str | None
) -> tuple[Features, list[Fault]]:
    layer, faults = _only_layer(path)
    if layer is None:
        return [], faults
    meta, _, shapes, values = pyogrio.raw.read(
        path, layer=layer, encoding=encoding, force_2d=True, datetime_as_string=True
    )
    if meta["crs"]:
        faults += crs_faults(meta["crs"], datum, path.name)
    elif datum is None:
        message, allowed = "it does not say its coordinate system", "its datum in [datums]"
        faults.append(Fault(path.name, "", "crs-missing", message, allowed))
    if not len(shapes):
        faults.append(Fault(path.name, "", "file-empty", "it has no feature", "one or more"))
    shapefile = path.suffix.lower() == SHAPEFILE
    table = _columns([str(n) for n in meta["fields"]], values, fields, truncated=shapefile)
    if fields is not None:
        faults += column_faults(list(table), fields, path.name)
        known = {field.name for field in fields}
        table = {name: cells for name, cells in table.items() if name in known}
    geometries = shapely.from_wkb(shapes)
    return [
        {
            "type": "Feature",
            "properties": {name: cells[n] for name, cells in table.items()},
            "geometry": None if geometry is None else mapping(geometry),
        }
        for n, geometry in enumerate(geometries)
    ], faults


def read_vector_file(
    path: Path, fields: Sequence[Field] | None, datum: Datum
) -> tuple[Features, list[Fault]]:
    """The features of a Shapefile or GeoPackage, in their own datum, not yet checked.

    Parameters
    ----------
    path
        `.shp` with its sidecar files, or `.gpkg` with one layer.
    fields
        The allowed columns, also to restore truncated names; None for any columns.
    datum
        The declared datum: the file's CRS must be that; a file without CRS needs one.

    Returns
    -------
    list of dict
        GeoJSON features; none if any part of the file cannot be read.
    list of Fault
    """
    if not path.is_file():
        return [], [Fault(path.name, "", "file-missing", "there is no such file", path.name)]
    file_faults = (
        size_faults(path, layer_files(path)) or _missing_faults(path) or _length_faults(path)
    )
    if file_faults:
        return [], file_faults
    encoding: str | None = None
    notes: list[Fault] = []
    if path.suffix.lower() == SHAPEFILE:
        encoding, notes = _attribute_encoding(path)
        if encoding is None:
            return [], notes
    try:
        with warnings.catch_warnings(record=True) as gdal_warnings:
            warnings.simplefilter("always")
            features, faults = _read(path, fields, datum, encoding)
    except _BROKEN as error:
        message = str(error).replace(str(path), path.name).replace(os.fspath(path.parent), "")
        return [], [*notes, Fault(path.name, "", "file-unreadable", message, _ALLOWED)]
    messages = dict.fromkeys(
        str(warning.message).replace(str(path), path.name) for warning in gdal_warnings
    )
    notes += [Fault(path.name, "", "file-doubtful", text, _ALLOWED, "warning") for text in messages]
    return features, [*notes, *faults]
