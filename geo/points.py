"""Points handed over from Python: what must hold before anything is measured between them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.faults import Fault, check_faults, shown

MOST_NAMED = 5
"""Ids that one message names; more are counted."""


def listed_ids(ids: Sequence[Any] | pd.Index) -> str:
    """Ids as a message names them, cut where there are many.

    Examples
    --------
    >>> listed_ids(pd.Index(["a", "b"])), listed_ids(pd.Index(range(7)))
    ("'a', 'b'", '0, 1, 2, 3, 4 and 2 more')
    """
    named = ", ".join(shown(one) for one in ids[:MOST_NAMED])
    return f"{named} and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else named


def _geometry_faults(points: gpd.GeoSeries, where: str) -> list[Fault]:
    shapes = points.to_numpy()
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    faults = []
    if not is_point.all():
        kinds = sorted({getattr(s, "geom_type", "nothing") for s in shapes[~is_point]})
        message = f"{listed_ids(points.index[~is_point])}: {', '.join(kinds)}"
        faults.append(Fault(where, "", "geometry-wrong-type", message, "points"))
    # an empty point has no coordinates to look at
    numbers = is_point & ~shapely.is_empty(shapes)
    numbers[numbers] = np.isfinite(shapely.get_coordinates(shapes[numbers])).all(axis=1)
    if not numbers[is_point].all():
        message = f"{listed_ids(points.index[is_point & ~numbers])}: not finite numbers"
        faults.append(Fault(where, "", "geometry-broken", message, "two finite numbers a point"))
    return faults


def point_faults(points: Any, where: str) -> list[Fault]:
    """What is wrong with points that a caller hands over, all at once.

    Parameters
    ----------
    points
        Should be a GeoSeries of points with a CRS and a unique index.
    where
        The argument's name, for the messages.

    Examples
    --------
    >>> two = gpd.GeoSeries([shapely.Point(106, 29), shapely.Point()], index=["a", "a"])
    >>> for fault in point_faults(two, "origins"):
    ...     print(fault.code)
    crs-missing
    id-duplicate
    geometry-broken
    >>> point_faults(gpd.GeoSeries([], crs="EPSG:4326"), "origins")
    []
    """
    if not isinstance(points, gpd.GeoSeries):
        message = f"it is a {type(points).__name__}"
        return [Fault(where, "", "value-wrong-type", message, "a GeoSeries of points")]
    faults = []
    if points.crs is None:
        allowed = "a CRS: points.set_crs(4326) if they are longitude and latitude"
        faults.append(Fault(where, "", "crs-missing", "the points name none", allowed))
    faults += _id_faults(points.index, where)
    return faults + _geometry_faults(points, where)


def _id_faults(index: pd.Index, where: str) -> list[Fault]:
    """Ids must be text or whole numbers, each once."""
    plain = [isinstance(one, str | Integral) and not isinstance(one, bool) for one in index]
    if not all(plain):
        others = [one for one, is_plain in zip(index, plain, strict=True) if not is_plain]
        allowed = "an index of text or whole numbers"
        return [Fault(where, "", "value-wrong-type", f"ids {listed_ids(others)}", allowed)]
    faults = []
    twice = index[index.duplicated()].unique()
    if len(twice):
        allowed = "an index of unique ids"
        faults.append(Fault(where, "", "id-duplicate", f"{listed_ids(twice)} twice", allowed))
    return faults


def crs_mismatch_faults(crs: Any, network_crs: Any, where: str) -> list[Fault]:
    """A fault if two systems differ: metres are measured between what is in one and the other.

    Parameters
    ----------
    crs, network_crs
        `pyproj.CRS`, or what names one; None has faults of its own.
    where
        The argument's name, for the message.

    Examples
    --------
    >>> print(*crs_mismatch_faults("EPSG:4326", "EPSG:32648", "points"))
    error crs-wrong points: it is in EPSG:4326 (allowed: the network's own: to_crs('EPSG:32648'))
    >>> crs_mismatch_faults("EPSG:32648", "EPSG:32648", "points")
    []
    """
    if crs is None or network_crs is None:
        return []
    here, network = CRS.from_user_input(crs), CRS.from_user_input(network_crs)
    if here == network:
        return []
    allowed = f"the network's own: to_crs({network.to_string()!r})"
    return [Fault(where, "", "crs-wrong", f"it is in {here.to_string()}", allowed)]


def check_crs(crs: Any, network_crs: Any, where: str) -> None:
    """Raise if two systems differ, see `crs_mismatch_faults`.

    Raises
    ------
    BadInputError
    """
    check_faults(crs_mismatch_faults(crs, network_crs, where))


def check_points(points: Any, network_crs: Any, where: str) -> None:
    """Raise unless points can be measured on a network.

    Parameters
    ----------
    points
        As for `point_faults`.
    network_crs
        The network's projected system; the points must be in the same.
    where
        The argument's name, for the messages.

    Raises
    ------
    BadInputError
        With everything that is wrong.
    """
    faults = point_faults(points, where)
    if isinstance(points, gpd.GeoSeries):
        faults += crs_mismatch_faults(points.crs, network_crs, where)
    check_faults(faults)


def choice_faults(choices: dict[str, tuple[Any, Any]]) -> list[Fault]:
    """One fault for each argument whose value is none of those allowed.

    Parameters
    ----------
    choices
        By the argument's name: its value, and the values allowed.

    Examples
    --------
    >>> print(*choice_faults({"mode": ("bike", ("walk", "drive")), "period": ("peak", ["peak"])}))
    error value-unknown mode: it is 'bike' (allowed: walk, drive)
    """
    return [
        Fault(name, "", "value-unknown", f"it is {shown(value)}", ", ".join(map(str, allowed)))
        for name, (value, allowed) in choices.items()
        if value not in tuple(allowed)
    ]
