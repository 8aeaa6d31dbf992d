"""Features of Shapefiles and GeoPackages."""

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
from geo.formats.encodings import encoding_of, encoding_warnings, unreadable
from geo.formats.size_limits import size_faults

SHAPEFILE, GEOPACKAGE = ".shp", ".gpkg"
NEEDED = (".shx", ".dbf")
BESIDE = (*NEEDED, ".prj", ".cpg")
"""Endings of the files that make a Shapefile together with the one that is named."""
NAME_LENGTH = 10
"""Names of columns of a Shapefile are cut there (dBASE III)."""

Features = list[dict[str, Any]]
_BROKEN = (DataSourceError, DataLayerError, FeatureError, FieldError, ValueError, OSError)
_ALLOWED = "a whole Shapefile (.shp, .shx, .dbf, .prj) or GeoPackage"


def parts(path: Path) -> list[Path]:
    """The files of a layer: a Shapefile's are several, in either case of letters."""
    if path.suffix.lower() != SHAPEFILE or not path.parent.is_dir():
        return [path]
    beside = sorted(p for p in path.parent.iterdir() if p.stem == path.stem and p != path)
    return [path, *(p for p in beside if p.suffix.lower() in BESIDE)]


def _beside(path: Path, ending: str) -> Path | None:
    return next((p for p in parts(path) if p.suffix.lower() == ending), None)


def _attribute_encoding(path: Path) -> tuple[str | None, list[Fault]]:
    """How a Shapefile's texts are written, as its `.cpg` says, else as they look."""
    table, page = _beside(path, ".dbf"), _beside(path, ".cpg")
    content = table.read_bytes() if table else b""
    start = int.from_bytes(content[8:10], "little")
    # the head holds dates and lengths as bytes, and in each of its lines the name of a column
    names = b" ".join(
        content[at : at + 11].split(b"\0")[0] for at in range(32, max(start - 32, 32), 32)
    )
    texts = names + b"\n" + content[start:].rstrip(b"\x1a")
    if page is None:
        found = encoding_of(texts)
        return found, encoding_warnings(found, path.name) if found else [unreadable(path.name)]
    told = page.read_text(encoding="ascii", errors="replace").strip()
    name = f"cp{told.removeprefix('ANSI').strip()}" if told[-1:].isdigit() else told
    name = told if told.upper().startswith(("UTF", "ISO", "GB")) else name
    try:
        encoding = codecs.lookup(name).name
        texts.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        return None, [unreadable(path.name, f"its .cpg says {told!r}: {error}")]
    return encoding, []


def _missing_faults(path: Path) -> list[Fault]:
    needed = NEEDED if path.suffix.lower() == SHAPEFILE else ()
    return [
        Fault(path.name, "", "file-missing", f"there is no {ending} beside it", _ALLOWED)
        for ending in needed
        if _beside(path, ending) is None
    ]


def _length_faults(path: Path) -> list[Fault]:
    """A Shapefile says at byte 24 how many pairs of bytes it has."""
    if path.suffix.lower() != SHAPEFILE:
        return []
    with path.open("rb") as file:
        told = 2 * int.from_bytes(file.read(28)[24:], "big")
    found = path.stat().st_size
    if found >= told:
        return []
    message = f"it has {found} bytes of {told}"
    return [Fault(path.name, "", "file-unreadable", message, _ALLOWED)]


def _only_layer(path: Path) -> tuple[str | None, list[Fault]]:
    """The one layer with geometries."""
    placed = [str(name) for name, kind in pyogrio.list_layers(path) if kind]
    if len(placed) == 1:
        return placed[0], []
    message = f"it has {len(placed)} layers: {', '.join(placed)}" if placed else "it has no layer"
    return None, [Fault(path.name, "", "layer-unclear", message, "one layer with geometries")]


def _plain(value: Any, kind: str) -> Any:
    """A cell as JSON would have it; what is empty is None.

    Whole numbers may be held as 3.0, and yes or no as 1, 0 or text.
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
    """Names that a Shapefile has cut, whole again where only one column can be meant.

    Examples
    --------
    >>> _full_names(["opportunit", "kind"], [Field("opportunity_id"), Field("kind")])
    ['opportunity_id', 'kind']
    """
    known = [field.name for field in fields]
    found = []
    for name in names:
        longer = [full for full in known if full.startswith(name) and full not in names]
        cut = len(name.encode()) == NAME_LENGTH and name not in known and len(longer) == 1
        found.append(longer[0] if cut else name)
    return found


def _columns(
    names: Sequence[str], values: Sequence[Any], kinds: Sequence[Field] | None, *, cut: bool
) -> dict[str, list[Any]]:
    """Cells by column."""
    fields = {field.name: field for field in kinds or ()}
    full = _full_names(names, kinds) if cut and kinds else names
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
    table = _columns([str(n) for n in meta["fields"]], values, fields, cut=shapefile)
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
    """The features of a Shapefile or GeoPackage, coordinates as they stand, not yet checked.

    Parameters
    ----------
    path
        `.shp` with its other parts beside it, or `.gpkg` with one layer.
    fields
        Its columns, for names that a Shapefile cuts; None if they may be what they like.
    datum
        As declared: the file's own system must be that, and a file without one needs one.

    Returns
    -------
    list of dict
        As in GeoJSON; none if any part of the file cannot be read.
    list of Fault
    """
    if not path.is_file():
        return [], [Fault(path.name, "", "file-missing", "there is no such file", path.name)]
    closed = size_faults(path, parts(path)) or _missing_faults(path) or _length_faults(path)
    if closed:
        return [], closed
    encoding: str | None = None
    told: list[Fault] = []
    if path.suffix.lower() == SHAPEFILE:
        encoding, told = _attribute_encoding(path)
        if encoding is None:
            return [], told
    try:
        with warnings.catch_warnings(record=True) as doubts:
            warnings.simplefilter("always")
            features, faults = _read(path, fields, datum, encoding)
    except _BROKEN as error:
        message = str(error).replace(str(path), path.name).replace(os.fspath(path.parent), "")
        return [], [*told, Fault(path.name, "", "file-unreadable", message, _ALLOWED)]
    said = dict.fromkeys(str(doubt.message).replace(str(path), path.name) for doubt in doubts)
    told += [Fault(path.name, "", "file-doubtful", text, _ALLOWED, "warning") for text in said]
    return features, [*told, *faults]
