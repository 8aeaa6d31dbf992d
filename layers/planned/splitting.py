"""Streets split into parts at nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas.array import from_shapely
from shapely.ops import substring

Cuts = Sequence[tuple[float, str]]
"""The cuts of one street: fraction of its drawn length, and the node there."""


def street_parts(street: Mapping[str, Any], cuts: Cuts) -> list[dict[str, Any]]:
    """The parts of one street, in its drawn direction.

    They share the given length in proportion to the drawn length, so that travel times stay equal.
    """
    if not cuts:
        return [dict(street)]
    line = street["geometry"]
    places = [(0.0, street["u"]), *sorted(cuts), (1.0, street["v"])]
    return [
        {
            **street,
            "u": start_node,
            "v": end_node,
            "length": street["length"] * (end_at - start_at),
            "geometry": substring(line, start_at, end_at, normalized=True),
        }
        for (start_at, start_node), (end_at, end_node) in pairwise(places)
    ]


def _values(column: pd.Series, rows: Sequence[Mapping[str, Any]]) -> Any:
    """The values of a column in records; text columns keep their type even if all are missing."""
    values = [row[column.name] for row in rows]
    if isinstance(column, gpd.GeoSeries):
        return from_shapely(np.array(values, dtype=object), crs=column.crs)
    is_text = pd.api.types.is_string_dtype(column.dtype)
    return pd.array(values, dtype=column.dtype) if is_text else values


def with_rows(
    table: gpd.GeoDataFrame, kept: np.ndarray, rows: Sequence[Mapping[str, Any]], at: Sequence[int]
) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """A table of kept rows and new rows, with the new rows at given positions.

    Parameters
    ----------
    table
        A table with a fresh index.
    kept
        Positions of the rows to keep, ascending.
    rows, at
        New rows as records, and the position in `table` at which each is inserted.

    Returns
    -------
    GeoDataFrame
        The new table, with a fresh index.
    ndarray
        The origin of each row: its position in `table`, or -1 minus its position in `rows`.
    """
    new = pd.DataFrame({name: _values(table[name], rows) for name in table.columns})
    old = table if len(kept) == len(table) else table.iloc[kept]
    origin = np.concatenate([kept, -1 - np.arange(len(new))])
    combined = pd.concat([old, new], ignore_index=True)
    position = np.concatenate([kept, np.asarray(at, dtype=np.int64)])
    if (np.diff(position) < 0).any():
        order = np.argsort(position, kind="stable")
        combined, origin = combined.iloc[order].reset_index(drop=True), origin[order]
    return combined, origin
