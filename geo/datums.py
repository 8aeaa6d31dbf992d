"""The datums in which layers are published, and WGS 84 from each.

`wgs84`, `cgcs2000`, the Chinese map datums `gcj02` (AMap, Tencent) and `bd09` (Baidu), or the code
of any system of the EPSG registry that PROJ knows, such as `EPSG:4544`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.bd09 import gcj02_from_bd09
from geo.crs import WGS84, projected
from geo.faults import Fault
from geo.gcj02 import wgs84_from_gcj02

Datum = str | None
"""A name or code; None where the study declares none, which is WGS 84."""

SHIFTED = ("gcj02", "bd09")
NAMES = ("wgs84", "cgcs2000", *SHIFTED)
ALLOWED = ", ".join(NAMES) + " or a code such as EPSG:4544"

_CODES = {None: WGS84, "wgs84": WGS84, "cgcs2000": "EPSG:4490", "gcj02": WGS84, "bd09": WGS84}
_CHINA_2000 = 4490
_MARGIN_DEG = 6.0
"""Coordinates may lie so far outside the area for which a system is meant: a layer of one zone
reaches into the next, a wrong zone number or swapped axes end much farther away."""
_FINE_M = 1.0
"""A transformation at least so accurate is not warned of."""


def is_datum(text: Any) -> bool:
    """Whether a text names a datum.

    Examples
    --------
    >>> [is_datum(text) for text in ("gcj02", "EPSG:4544", "EPSG:1", "GCJ", 4544)]
    [True, True, False, False, False]
    """
    if not isinstance(text, str):
        return False
    if text in NAMES:
        return True
    if not re.fullmatch(r"EPSG:\d+", text):
        return False
    try:
        system = CRS.from_user_input(text)
    except CRSError:
        return False
    plane = system.is_projected or system.is_geographic
    return plane and len(system.axis_info) == 2  # noqa: PLR2004 - neither heights nor time


def datum_crs(datum: Datum) -> CRS:
    """The system in which a layer's coordinates are written: for the map datums, degrees."""
    return CRS.from_user_input(_CODES.get(datum, datum))


def is_planar(datum: Datum) -> bool:
    """Whether coordinates are metres east and north, not degrees.

    Examples
    --------
    >>> is_planar("EPSG:4544"), is_planar("bd09"), is_planar(None)
    (True, False, False)
    """
    return bool(datum_crs(datum).is_projected)


def wgs84_positions(xy: np.ndarray, datum: Datum) -> np.ndarray:
    """Longitudes and latitudes, WGS 84, of positions in a datum.

    GCJ-02 and BD-09 are inverted to 1e-8 m. CGCS2000 passes as it is: it is ITRF97 at epoch 2000,
    from which WGS 84 has moved with the plate by less than a metre. Everything else is what PROJ
    makes of it, see `accuracy_warnings`.

    Parameters
    ----------
    xy
        Positions (n x 2): longitude and latitude, or metres east and north.
    datum
        Of these.

    Returns
    -------
    ndarray
        n x 2, degrees. Equal positions stay equal, so neighbours still share their edges.

    Examples
    --------
    >>> wgs84_positions(np.array([[106.303827, 29.597341]]), "gcj02").round(5).tolist()
    [[106.3, 29.6]]
    >>> wgs84_positions(np.array([[500000.0, 3270000.0]]), "EPSG:4544").round(4).tolist()
    [[105.0, 29.5479]]
    """
    if _CODES.get(datum, datum) == WGS84 and datum not in SHIFTED:
        return xy
    once, places = np.unique(xy, axis=0, return_inverse=True)
    x, y = once.T
    if datum == "bd09":
        x, y = gcj02_from_bd09(x, y)
    if datum in SHIFTED:
        x, y = wgs84_from_gcj02(x, y)
    else:
        x, y = _way(datum_crs(datum).to_string()).transform(x, y)
    return np.column_stack([x, y])[places]


def placed(xy: np.ndarray, crs: str, datum: Datum) -> np.ndarray:
    """Positions of a datum (n x 2) in a projected system."""
    return projected(wgs84_positions(xy, datum), crs)


@cache
def _way(code: str) -> Transformer:
    return Transformer.from_crs(code, WGS84, always_xy=True)


@cache
def allowed_box(datum: Datum) -> tuple[float, float, float, float]:
    """West, south, east, north of the coordinates that make sense in a datum, in its units."""
    system = datum_crs(datum)
    area = system.area_of_use
    if not system.is_projected or area is None:
        return -180.0, -90.0, 180.0, 90.0
    there = Transformer.from_crs(WGS84, system, always_xy=True)
    west, east = area.west - _MARGIN_DEG, area.east + _MARGIN_DEG
    south, north = max(area.south - _MARGIN_DEG, -85.0), min(area.north + _MARGIN_DEG, 85.0)
    box: tuple[float, float, float, float] = there.transform_bounds(west, south, east, north)
    return tuple(map(float, box))  # type: ignore[return-value]


def allowed_words(datum: Datum) -> str:
    """The same in words.

    Examples
    --------
    >>> allowed_words("gcj02")
    'longitude -180 to 180, latitude -90 to 90'
    """
    west, south, east, north = allowed_box(datum)
    if is_planar(datum):
        return f"{datum}: {west:.0f} to {east:.0f} m east, {south:.0f} to {north:.0f} m north"
    return f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"


def accuracy_warnings(xy: np.ndarray, datum: Datum, file: str) -> list[Fault]:
    """A warning where PROJ brings a layer to WGS 84 with more than a metre's doubt.

    Parameters
    ----------
    xy
        Positions (n x 2) of the layer: which transformation fits depends on the place.
    datum, file
        The layer's.

    Examples
    --------
    >>> accuracy_warnings(np.array([[600000.0, 3270000.0]]), "EPSG:4544", "a.shp")
    []
    >>> print(accuracy_warnings(np.array([[106.3, 29.6]]), "EPSG:4610", "a.shp")[0].message)
    Xian 1980 to WGS 84: PROJ knows no transformation here and leaves positions unchanged
    """
    if not len(xy) or datum in NAMES or datum is None:
        return []
    base = datum_crs(datum).geodetic_crs
    if base is None or base.to_epsg() in {4326, _CHINA_2000}:
        return []
    metres = _accuracy_m(_way(datum_crs(datum).to_string()), xy.mean(axis=0))
    told = f"{base.name} to WGS 84: "
    if metres < 0:
        told += "PROJ knows no transformation here and leaves positions unchanged"
        allowed = "convert with the surveyors' parameters; else off by tens of metres or more"
    elif metres > _FINE_M:
        told += f"PROJ's transformation is right to {metres:g} m"
        allowed = f"0 to {_FINE_M:g} m, or live with it"
    else:
        return []
    return [Fault(file, "", "datum-inaccurate", told, allowed, "warning")]


def _accuracy_m(way: Transformer, place: np.ndarray) -> float:
    """What PROJ says of the operation that it takes at a place; -1 where it does not know."""
    way.transform(*place)
    try:
        return float(way.get_last_used_operation().accuracy)
    except ProjError:  # there is only one
        return float(way.accuracy)


def crs_faults(told: Any, datum: Datum, file: str) -> list[Fault]:
    """A file's own system must be the one that is declared.

    Parameters
    ----------
    told
        What the file says: a code or WKT.
    datum
        What the study declares. Coordinates of map datums pass for degrees of WGS 84 or CGCS2000,
        for no file can say what they are.

    Examples
    --------
    >>> crs_faults("EPSG:4490", "gcj02", "a.shp")
    []
    >>> print(crs_faults("EPSG:4545", None, "a.shp")[0].allowed)
    WGS 84 (EPSG:4326), or in [datums] the datum EPSG:4545
    """
    wanted = datum_crs(datum)
    try:
        found = CRS.from_user_input(told)
    except CRSError:
        return [Fault(file, "", "crs-wrong", f"its crs is {told!r}", _words(wanted))]
    fitting = [wanted, *([CRS(_CHINA_2000)] if datum in SHIFTED else [])]
    if any(_same(found, system) for system in fitting):
        return []
    code = found.to_epsg(min_confidence=20)
    hint = f", or in [datums] the datum EPSG:{code}" if code and is_datum(f"EPSG:{code}") else ""
    return [Fault(file, "", "crs-wrong", f"its crs is {found.name}", _words(wanted) + hint)]


def _words(system: CRS) -> str:
    return f"{system.name} ({system.to_string()})"


def _same(one: CRS, other: CRS) -> bool:
    if one.equals(other, ignore_axis_order=True):
        return True
    code = one.to_epsg(min_confidence=20)
    return code is not None and code == other.to_epsg()
