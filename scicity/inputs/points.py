"""Points that a question names: the one place that checks what callers hand over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.faults import BadInputError, Fault, check_faults, shown
from geo.points import listed_ids, point_faults
from scicity.inputs.study import Study, check_study

Places: TypeAlias = (
    str
    | tuple[float, float]
    | Mapping[str, tuple[float, float]]
    | Sequence[str]
    | gpd.GeoSeries
    | gpd.GeoDataFrame
)
"""How points may be named, see `points`."""

MOST_NAMED = 8
"""Places that one message proposes."""
ALLOWED = "a place_id or name of the study's places, (lon, lat), {id: (lon, lat)} or a GeoSeries"


def points(
    study: Study, places: Places | None = None, *, argument: str = "places"
) -> gpd.GeoSeries:
    """Points in the study's projected CRS, indexed by id, in the order given.

    Parameters
    ----------
    study
        What `read_study` returned.
    places
        None for all named places of the study; the id or the exact name of one, or a list of
        them; `(lon, lat)` in degrees; `{id: (lon, lat)}`; or a GeoSeries or GeoDataFrame of
        points with a CRS (converted) and an index of unique ids, text or whole numbers (or the
        column `place_id`).
    argument
        The argument's name, for messages.

    Returns
    -------
    GeoSeries
        Points in `study.area.crs` (metres).

    Raises
    ------
    BadInputError
        With everything that is wrong at once: an id or name that the study has not, an id twice,
        no CRS, what is no point, no point at all, points beyond the study's network (also where
        longitude and latitude are swapped).

    Examples
    --------
    >>> import scicity
    >>> study = scicity.read_study()
    >>> both = scicity.points(study, ["SC_CENTRE", "金凤城市中心"])
    >>> list(both.index), both.x.round().tolist(), str(both.crs)
    (['SC_CENTRE', 'SC_CITY'], [628012.0, 628995.0], 'EPSG:32648')
    >>> try:
    ...     scicity.points(study, {"lab": (29.61, 106.30)})
    ... except ValueError as error:
    ...     print(str(error).partition(" (")[0])
    error crs-wrong places: 'lab' at 29.61, 106.3 lies outside the study; longitude comes first
    """
    check_study(study)
    if places is None:
        return study.place_points.copy()
    named = _as_series(study, places, argument)
    faults = point_faults(named, argument)
    if not len(named):
        faults.append(Fault(argument, "", "value-out-of-range", "no point", "one point at least"))
    check_faults(faults)
    check_faults(_far_faults(study, named.to_crs(WGS84), argument))
    return named.to_crs(study.area.crs)


def _as_series(study: Study, places: Any, argument: str) -> gpd.GeoSeries:
    """What names points as a GeoSeries, not yet checked."""
    if isinstance(places, gpd.GeoDataFrame):
        return _layer_points(places, argument)
    if isinstance(places, gpd.GeoSeries):
        return places
    if isinstance(places, str):
        return _named(study, [places], argument)
    if isinstance(places, Mapping):
        return _lonlat_points(places, argument)
    if _is_lonlat(places):
        return _lonlat_points({",".join(map(repr, map(float, places))): places}, argument)
    names = list(places) if isinstance(places, Iterable) else [places]
    if all(isinstance(name, str) for name in names):
        return _named(study, names, argument)
    message = f"it is {shown(places)}"
    raise BadInputError([Fault(argument, "", "value-wrong-type", message, ALLOWED)])


def _layer_points(layer: gpd.GeoDataFrame, argument: str) -> gpd.GeoSeries:
    """The points of a layer; by `place_id` where it has that column and no ids of its own."""
    if layer.active_geometry_name is None:
        message, allowed = "a GeoDataFrame without geometry", "a layer of points"
        raise BadInputError([Fault(argument, "", "value-wrong-type", message, allowed)])
    if "place_id" in layer.columns and isinstance(layer.index, pd.RangeIndex):
        layer = layer.set_index("place_id")
    return layer.geometry


def _is_lonlat(value: Any) -> bool:
    """Whether a value is two numbers."""
    numbers = (int, float, np.integer, np.floating)
    is_pair = isinstance(value, Sequence | np.ndarray) and len(value) == 2  # noqa: PLR2004
    return is_pair and all(isinstance(n, numbers) and not isinstance(n, bool) for n in value)


def _lonlat_points(places: Mapping[str, Any], argument: str) -> gpd.GeoSeries:
    no_pairs = [f"{shown(name)}: {shown(at)}" for name, at in places.items() if not _is_lonlat(at)]
    if no_pairs:
        allowed = "(longitude, latitude) in degrees"
        raise BadInputError([Fault(argument, "", "value-wrong-type", "; ".join(no_pairs), allowed)])
    made = {name: shapely.Point(*map(float, at)) for name, at in places.items()}
    return gpd.GeoSeries(made, crs=WGS84, dtype="geometry")


def _named(study: Study, names: Sequence[str], argument: str) -> gpd.GeoSeries:
    """Places of the study by id, else by their whole Chinese or English name."""
    table = study.places.set_index("place_id")
    ids, faults = [], []
    for name in names:
        same = table.index[(table["name_zh"] == name) | (table["name_en"] == name)]
        if name in table.index:
            ids.append(name)
        elif len(same) == 1:
            ids.append(str(same[0]))
        else:
            faults.append(Fault(argument, name, "id-unknown", *_proposals(table, name)))
    check_faults(faults)
    return study.place_points.loc[ids]


def _proposals(table: pd.DataFrame, name: str) -> tuple[str, str]:
    """That no place, or more than one, has a name; and which are meant perhaps."""
    texts = table["name_zh"].fillna("") + " " + table["name_en"].fillna("")
    near = (
        table.loc[texts.str.contains(name, case=False, regex=False)]
        if len(name) > 1
        else table.iloc[:0]
    )
    listed = [f"{place_id} ({row})" for place_id, row in near["name_zh"].items()]
    listed = [*listed[:MOST_NAMED], "…"] if len(listed) > MOST_NAMED else listed
    return "no place has this id or whole name", ", ".join(listed) or ALLOWED


def _extent(study: Study) -> tuple[float, float, float, float]:
    """The box of network and areas in degrees, as much wider as a point may be off a street."""
    nodes, outline = study.baseline.roads.nodes.total_bounds, study.area.areas.total_bounds
    both = np.array([b for b in (nodes, outline) if np.isfinite(b).all()])
    low, high = both[:, :2].min(axis=0), both[:, 2:].max(axis=0)
    margin = study.settings.assumptions.snap_limit_m
    box = shapely.box(*(low - margin), *(high + margin))
    west, south, east, north = gpd.GeoSeries([box], crs=study.area.crs).to_crs(WGS84).total_bounds
    return float(west), float(south), float(east), float(north)


def _far_faults(study: Study, lonlat: gpd.GeoSeries, argument: str) -> list[Fault]:
    """Points that no street of the study can be near to; a hint where they are swapped."""
    west, south, east, north = _extent(study)
    x, y = shapely.get_coordinates(lonlat.to_numpy())[:, :2].T
    far = ~((west <= x) & (x <= east) & (south <= y) & (y <= north))
    allowed = f"longitude {west:.2f} to {east:.2f}, latitude {south:.2f} to {north:.2f}"
    faults = []
    if far.sum() > MOST_NAMED:
        message = f"{listed_ids(lonlat.index[far])} lie outside the study"
        return [Fault(argument, "", "crs-wrong", message, allowed)]
    for name, lon, lat in zip(lonlat.index[far], x[far], y[far], strict=True):
        swapped = west <= lat <= east and south <= lon <= north
        hint = "; longitude comes first" if swapped else ""
        message = f"{shown(name)} at {lon:g}, {lat:g} lies outside the study{hint}"
        faults.append(Fault(argument, "", "crs-wrong", message, allowed, value=(lon, lat)))
    return faults
