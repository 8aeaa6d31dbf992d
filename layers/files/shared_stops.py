"""Stops that several files of a study share, and ids that they may not share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import lonlat_of
from geo.faults import Fault
from layers.files.transit_csv import SAME_STOP_M
from layers.transit import no_stops


def _nowhere(rows: gpd.GeoDataFrame) -> np.ndarray:
    """Whether each stop lacks a position."""
    return np.asarray(rows.geometry.isna() | rows.geometry.is_empty)


def _moved(
    stop_id: str, rows: gpd.GeoDataFrame, first: tuple[str, gpd.GeoDataFrame], file: str
) -> list[Fault]:
    """A fault if a stop of one file lies far from where another file has it."""
    point, known = rows.geometry[stop_id], first[1].geometry[stop_id]
    metres = point.distance(known)
    if not metres > SAME_STOP_M:
        return []
    message = f"stop {stop_id!r} is {metres:.0f} m from where it is in {first[0]}"
    allowed = f"0 to {SAME_STOP_M:g} m, or another stop_id in {first[0]} or {file}"
    place = lonlat_of(point.x, point.y, str(rows.crs))
    where = (file, stop_id, "stop-moved")
    return [Fault(*where, message, allowed, place=place, value=round(float(metres)))]


def shared_stops(
    tables: Sequence[tuple[str, gpd.GeoDataFrame]], crs: str
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The stops of several files, each once.

    A stop of the same id at the same place (within `SAME_STOP_M`) is one stop, as where lines of
    one network stand in a table each. It is as the first file says that gives it a position.

    Parameters
    ----------
    tables
        Name and stops (indexed by `stop_id`, projected) of each file; stops may lack a geometry.
    crs
        A projected CRS.

    Returns
    -------
    GeoDataFrame
        Stops, in the order of the files.
    list of Fault
        `stop-moved` for a stop that two files place farther apart.
    """
    if not tables:
        return no_stops(crs), []
    placed_in: dict[str, tuple[str, gpd.GeoDataFrame]] = {}
    faults = []
    for file, rows in tables:
        for stop_id in rows.index[~_nowhere(rows)]:
            if stop_id in placed_in:
                faults += _moved(stop_id, rows, placed_in[stop_id], file)
            placed_in.setdefault(stop_id, (file, rows))
    together = gpd.GeoDataFrame(
        pd.concat([rows for _, rows in tables]), geometry="geometry", crs=crs
    )
    # stable: of the rows of a stop the first with a position comes first, else the first
    placed_first = together.iloc[np.argsort(_nowhere(together), kind="stable")]
    once = placed_first[~placed_first.index.duplicated()]
    return once.loc[together.index.unique()], faults


def repeated_routes(files: Iterable[tuple[str, Iterable[str]]]) -> list[Fault]:
    """Faults of routes of which two files have the id.

    Parameters
    ----------
    files
        Name and ids of the routes of each file.
    """
    file_of: dict[str, str] = {}
    faults = []
    for file, route_ids in files:
        for route_id in route_ids:
            other = file_of.setdefault(route_id, file)
            if other != file:
                message, allowed = f"{other} has a route of that id too", "once in all files"
                faults.append(Fault(file, route_id, "id-duplicate", message, allowed))
    return faults
