"""Streets cut into parts."""

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
"""Where one street is cut: fraction of its drawn length and the node that comes there."""


def street_parts(street: Mapping[str, Any], cuts: Cuts) -> list[dict[str, Any]]:
    """The parts of one street, in its drawn direction.

    They share the coded length in proportion to what is drawn, so that no time changes.
    """
    if not cuts:
        return [dict(street)]
    line = street["geometry"]
    places = [(0.0, street["u"]), *sorted(cuts), (1.0, street["v"])]
    return [
        {
            **street,
            "u": start,
            "v": end,
            "length": street["length"] * (upto - since),
            "geometry": substring(line, since, upto, normalized=True),
        }
        for (since, start), (upto, end) in pairwise(places)
    ]


def _values(column: pd.Series, rows: Sequence[Mapping[str, Any]]) -> Any:
    """The rows' values of a column; texts keep their type even if all are missing."""
    values = [row[column.name] for row in rows]
    if isinstance(column, gpd.GeoSeries):
        return from_shapely(np.array(values, dtype=object), crs=column.crs)
    is_text = pd.api.types.is_string_dtype(column.dtype)
    return pd.array(values, dtype=column.dtype) if is_text else values


def with_rows(
    table: gpd.GeoDataFrame, kept: np.ndarray, rows: Sequence[Mapping[str, Any]], at: Sequence[int]
) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Some rows of a table, and others in the places that they are given.

    Parameters
    ----------
    table
        With a fresh index.
    kept
        Positions of the rows that stay, ascending.
    rows, at
        Records, and the position in whose place each comes.

    Returns
    -------
    GeoDataFrame
        With a fresh index.
    ndarray
        Of each row, the position in `table`, or in `rows` counted from -1 downwards.
    """
    new = pd.DataFrame({name: _values(table[name], rows) for name in table.columns})
    old = table if len(kept) == len(table) else table.iloc[kept]
    origin = np.concatenate([kept, -1 - np.arange(len(new))])
    together = pd.concat([old, new], ignore_index=True)
    place = np.concatenate([kept, np.asarray(at, dtype=np.int64)])
    if (np.diff(place) < 0).any():
        order = np.argsort(place, kind="stable")
        together, origin = together.iloc[order].reset_index(drop=True), origin[order]
    return together, origin
