"""Elements as OPL text: libosmium writes it, Arrow reads it, and no element passes through Python.

Reading a way's tags through pyosmium costs some microseconds a tag; this costs a tenth of it. OPL
has one element a line and special characters as %hex% (the OPL File Format, osmcode.org).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyarrow as pa
import pyarrow.compute as pc
from osmium import osm
from pyarrow import csv

from geo.osm.elements import DEGREE_UNITS, Tags
from geo.osm.reading import NOWHERE, PointList, WayPart

BLOCK_BYTES = 2**25
"""Text of which the elements are in memory at once, some 200,000 ways."""
FORMAT = "opl,locations_on_ways=true,add_metadata=none"
ELEMENT = r"^(?P<kind>[nw])(?P<id>-?\d+) T(?P<tags>\S*) (?P<rest>.*)$"
POSITION = r"^x(?P<x>\S*) y(?P<y>\S*)$"
ESCAPE = re.compile(r"%([0-9a-f]+)%")


def _write(source: osmium.io.File, kinds: osm.osm_entity_bits, chain: Any, path: Path) -> None:
    """Nodes and ways that pass a chain of filters, one after the other."""
    with osmium.SimpleWriter(osmium.io.File(path, FORMAT)) as writer:
        osmium.apply(osmium.io.Reader(source, kinds), *chain, writer)


def _lines(path: Path) -> Iterator[pa.StringArray]:
    """The lines of a text, some at a time."""
    if path.stat().st_size == 0:
        return
    reader = csv.open_csv(
        path,
        read_options=csv.ReadOptions(column_names=["line"], block_size=BLOCK_BYTES),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=csv.ConvertOptions(column_types={"line": pa.string()}),
    )
    with reader:
        for batch in reader:
            yield batch.column(0)


def _tags_of(text: str) -> Tags:
    """The tags of an element.

    Examples
    --------
    >>> _tags_of("highway=path,name=%91cd%%5e86%"), _tags_of("")
    ({'highway': 'path', 'name': '重庆'}, {})
    """
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    if "%" not in text:
        return {key: value for key, _, value in pairs}
    return {_plain(key): _plain(value) for key, _, value in pairs}


def _plain(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _tags(texts: pa.StringArray) -> list[Tags]:
    """The tags of every element; those that say the same are one dictionary."""
    coded = texts.dictionary_encode()
    known = [_tags_of(text) for text in coded.dictionary.to_pylist()]
    return [known[i] for i in coded.indices.to_pylist()]


def _units(degrees: pa.Array) -> np.ndarray:
    """Whole 1e-7 degrees; `NOWHERE` where nothing stands."""
    units = np.rint(np.asarray(degrees, dtype=float) * DEGREE_UNITS)
    return np.where(np.isnan(units), NOWHERE, units).astype(np.int64)


def _degrees(texts: pa.StringArray) -> pa.Array:
    return pc.cast(pc.if_else(pc.equal(texts, ""), None, texts), pa.float64())


def _ids(numbers: pa.StringArray) -> np.ndarray:
    return np.asarray(pc.cast(numbers, pa.int64()).to_numpy(zero_copy_only=False))


def _refs(nodes: pa.StringArray) -> pa.Table:
    """Ids and degrees of all nodes of ways, of which each reads `n1x106.5y29.5,n2x...`."""
    listed = "\n".join(text for text in nodes.to_pylist() if text)
    rows = listed.encode().translate(bytes.maketrans(b",xy", b"\n\t\t"), b"n")
    types = {"ref": pa.int64(), "x": pa.float64(), "y": pa.float64()}
    if not rows:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    return csv.read_csv(
        pa.BufferReader(rows),
        read_options=csv.ReadOptions(column_names=list(types)),
        parse_options=csv.ParseOptions(delimiter="\t"),
        convert_options=csv.ConvertOptions(column_types=types),
    )


def _ways(found: pa.StructArray) -> WayPart:
    """Lines of ways as arrays."""
    nodes = pc.utf8_slice_codeunits(found.field("rest"), 1)
    several = pc.add(pc.count_substring(nodes, ","), 1).to_numpy(zero_copy_only=False)
    is_empty = pc.equal(nodes, "").to_numpy(zero_copy_only=False)
    refs = _refs(nodes)
    return WayPart(
        _ids(found.field("id")),
        _tags(found.field("tags")),
        np.where(is_empty, 0, several).astype(np.int64),
        np.asarray(refs["ref"].to_numpy()),
        np.column_stack([_units(refs["x"]), _units(refs["y"])]),
    )


def _points(found: pa.StructArray) -> PointList:
    """Lines of nodes."""
    places = pc.extract_regex(found.field("rest"), POSITION)
    ids = _ids(found.field("id")).tolist()
    x, y = (_units(_degrees(places.field(name))).tolist() for name in ("x", "y"))
    positions = dict(zip(ids, zip(x, y, strict=True), strict=True))
    return PointList(positions, dict(zip(ids, _tags(found.field("tags")), strict=True)))


def read_filtered(
    source: osmium.io.File, kinds: osm.osm_entity_bits, chain: Any
) -> Iterator[tuple[WayPart, PointList]]:
    """Nodes and ways of a file that pass pyosmium's filters, some at a time.

    Parameters
    ----------
    source
        Any file that libosmium reads.
    kinds
        Nodes, ways or both; the others are not even decoded.
    chain
        Filters, and handlers such as `osmium.NodeLocationsForWays`, in their order.

    Raises
    ------
    RuntimeError, ValueError
        If the file cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "elements.opl"
        _write(source, kinds, chain, path)
        for lines in _lines(path):
            found = pc.extract_regex(lines, ELEMENT)
            is_way = pc.equal(found.field("kind"), "w")
            yield _ways(found.filter(is_way)), _points(found.filter(pc.invert(is_way)))
