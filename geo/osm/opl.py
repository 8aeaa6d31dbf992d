"""Fast reading of elements through OPL text, which libosmium writes and Arrow reads.

No element passes through Python: reading tags with pyosmium takes microseconds a tag, this takes
a tenth of that. OPL has one element a line, with special characters as %hex% (OPL File Format,
osmcode.org).
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
from geo.osm.reading import NOWHERE, PointList, WayArrays

BLOCK_BYTES = 2**25
"""Bytes of text that are in memory at once, some 200,000 ways."""
FORMAT = "opl,locations_on_ways=true,add_metadata=none"
ELEMENT = r"^(?P<kind>[nw])(?P<id>-?\d+) T(?P<tags>\S*) (?P<rest>.*)$"
POSITION = r"^x(?P<x>\S*) y(?P<y>\S*)$"
ESCAPE = re.compile(r"%([0-9a-f]+)%")


def _write(source: osmium.io.File, kinds: osm.osm_entity_bits, chain: Any, path: Path) -> None:
    """Write the nodes and ways that pass a chain of filters as OPL."""
    with osmium.SimpleWriter(osmium.io.File(path, FORMAT)) as writer:
        osmium.apply(osmium.io.Reader(source, kinds), *chain, writer)


def _lines(path: Path) -> Iterator[pa.StringArray]:
    """The lines of a file, in batches."""
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


def _parsed_tags(text: str) -> Tags:
    """The tags of an element.

    Examples
    --------
    >>> _parsed_tags("highway=path,name=%91cd%%5e86%"), _parsed_tags("")
    ({'highway': 'path', 'name': '重庆'}, {})
    """
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    if "%" not in text:
        return {key: value for key, _, value in pairs}
    return {_decoded(key): _decoded(value) for key, _, value in pairs}


def _decoded(text: str) -> str:
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _tags(texts: pa.StringArray) -> list[Tags]:
    """The tags of every element; equal tags share one dictionary."""
    coded = texts.dictionary_encode()
    known = [_parsed_tags(text) for text in coded.dictionary.to_pylist()]
    return [known[i] for i in coded.indices.to_pylist()]


def _units(degrees: pa.Array) -> np.ndarray:
    """Degrees as integers of 1e-7 degrees; `NOWHERE` if missing."""
    units = np.rint(np.asarray(degrees, dtype=float) * DEGREE_UNITS)
    return np.where(np.isnan(units), NOWHERE, units).astype(np.int64)


def _degrees(texts: pa.StringArray) -> pa.Array:
    return pc.cast(pc.if_else(pc.equal(texts, ""), None, texts), pa.float64())


def _ids(numbers: pa.StringArray) -> np.ndarray:
    return np.asarray(pc.cast(numbers, pa.int64()).to_numpy(zero_copy_only=False))


def _refs(nodes: pa.StringArray) -> pa.Table:
    """Ids and degrees of all nodes of ways, written as `n1x106.5y29.5,n2x...`."""
    node_lists = "\n".join(text for text in nodes.to_pylist() if text)
    rows = node_lists.encode().translate(bytes.maketrans(b",xy", b"\n\t\t"), b"n")
    types = {"ref": pa.int64(), "x": pa.float64(), "y": pa.float64()}
    if not rows:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    return csv.read_csv(
        pa.BufferReader(rows),
        read_options=csv.ReadOptions(column_names=list(types)),
        parse_options=csv.ParseOptions(delimiter="\t"),
        convert_options=csv.ConvertOptions(column_types=types),
    )


def _ways(matches: pa.StructArray) -> WayArrays:
    """Ways as arrays, from the matches of their lines."""
    nodes = pc.utf8_slice_codeunits(matches.field("rest"), 1)
    node_counts = pc.add(pc.count_substring(nodes, ","), 1).to_numpy(zero_copy_only=False)
    is_empty = pc.equal(nodes, "").to_numpy(zero_copy_only=False)
    refs = _refs(nodes)
    return WayArrays(
        _ids(matches.field("id")),
        _tags(matches.field("tags")),
        np.where(is_empty, 0, node_counts).astype(np.int64),
        np.asarray(refs["ref"].to_numpy()),
        np.column_stack([_units(refs["x"]), _units(refs["y"])]),
    )


def _points(matches: pa.StructArray) -> PointList:
    """Nodes, from the matches of their lines."""
    positions_text = pc.extract_regex(matches.field("rest"), POSITION)
    ids = _ids(matches.field("id")).tolist()
    x, y = (_units(_degrees(positions_text.field(name))).tolist() for name in ("x", "y"))
    positions = dict(zip(ids, zip(x, y, strict=True), strict=True))
    return PointList(positions, dict(zip(ids, _tags(matches.field("tags")), strict=True)))


def read_filtered(
    source: osmium.io.File, kinds: osm.osm_entity_bits, chain: Any
) -> Iterator[tuple[WayArrays, PointList]]:
    """Nodes and ways of a file that pass pyosmium's filters, in batches.

    Parameters
    ----------
    source
        Any file that libosmium can read.
    kinds
        Nodes, ways or both; other elements are not decoded.
    chain
        Filters, and handlers such as `osmium.NodeLocationsForWays`, in order.

    Raises
    ------
    RuntimeError, ValueError
        If the file cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "elements.opl"
        _write(source, kinds, chain, path)
        for lines in _lines(path):
            matches = pc.extract_regex(lines, ELEMENT)
            is_way = pc.equal(matches.field("kind"), "w")
            yield _ways(matches.filter(is_way)), _points(matches.filter(pc.invert(is_way)))
