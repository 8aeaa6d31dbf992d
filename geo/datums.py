"""The datums in which layers are published, and the conversion of each to WGS 84.

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
"""Coordinates may lie this far outside the area of use of a CRS: a layer of one zone may extend
into the next, while a wrong zone number or swapped axes end much farther away."""
_FINE_M = 1.0
"""Transformations at least this accurate give no warning."""


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
    """The CRS of a layer's coordinates; for the Chinese map datums degrees of WGS 84."""
    return CRS.from_user_input(_CODES.get(datum, datum))


def is_planar(datum: Datum) -> bool:
    """Whether coordinates are metres east and north, and not degrees.

    Examples
    --------
    >>> is_planar("EPSG:4544"), is_planar("bd09"), is_planar(None)
    (True, False, False)
    """
    return bool(datum_crs(datum).is_projected)


def wgs84_positions(xy: np.ndarray, datum: Datum) -> np.ndarray:
    """Longitudes and latitudes (WGS 84) of positions in a datum.

    GCJ-02 and BD-09 are inverted to 1e-8 m. CGCS2000 is returned unchanged: it is ITRF97 at epoch
    2000, from which WGS 84 has moved with the plate by less than a metre. PROJ converts all
    others, see `accuracy_warnings`.

    Parameters
    ----------
    xy
        Positions (n x 2): longitude and latitude, or metres east and north.
    datum
        The datum of these positions.

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
    distinct, inverse = np.unique(xy, axis=0, return_inverse=True)
    x, y = distinct.T
    if datum == "bd09":
        x, y = gcj02_from_bd09(x, y)
    if datum in SHIFTED:
        x, y = wgs84_from_gcj02(x, y)
    else:
        x, y = _to_wgs84(datum_crs(datum).to_string()).transform(x, y)
    return np.column_stack([x, y])[inverse]


def projected_positions(xy: np.ndarray, crs: str, datum: Datum) -> np.ndarray:
    """Positions in a datum (n x 2), converted to a projected CRS."""
    return projected(wgs84_positions(xy, datum), crs)


@cache
def _to_wgs84(code: str) -> Transformer:
    return Transformer.from_crs(code, WGS84, always_xy=True)


@cache
def allowed_box(datum: Datum) -> tuple[float, float, float, float]:
    """Plausible coordinates in a datum: west, south, east, north, in its units."""
    system = datum_crs(datum)
    area = system.area_of_use
    if not system.is_projected or area is None:
        return -180.0, -90.0, 180.0, 90.0
    transformer = Transformer.from_crs(WGS84, system, always_xy=True)
    west, east = area.west - _MARGIN_DEG, area.east + _MARGIN_DEG
    south, north = max(area.south - _MARGIN_DEG, -85.0), min(area.north + _MARGIN_DEG, 85.0)
    box: tuple[float, float, float, float] = transformer.transform_bounds(west, south, east, north)
    return tuple(map(float, box))  # type: ignore[return-value]


def allowed_text(datum: Datum) -> str:
    """`allowed_box` as text, for messages.

    Examples
    --------
    >>> allowed_text("gcj02")
    'longitude -180 to 180, latitude -90 to 90'
    """
    west, south, east, north = allowed_box(datum)
    if is_planar(datum):
        return f"{datum}: {west:.0f} to {east:.0f} m east, {south:.0f} to {north:.0f} m north"
    return f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"


def accuracy_warnings(xy: np.ndarray, datum: Datum, file: str) -> list[Fault]:
    """A warning if PROJ converts a layer to WGS 84 with an uncertainty above a metre.

    Parameters
    ----------
    xy
        Positions (n x 2) of the layer: the best transformation depends on where they are.
    datum, file
        Datum and file of the layer.

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
    metres = _accuracy_m(_to_wgs84(datum_crs(datum).to_string()), xy.mean(axis=0))
    message = f"{base.name} to WGS 84: "
    if metres < 0:
        message += "PROJ knows no transformation here and leaves positions unchanged"
        allowed = "convert with the surveyors' parameters; else off by tens of metres or more"
    elif metres > _FINE_M:
        message += f"PROJ's transformation is right to {metres:g} m"
        allowed = f"0 to {_FINE_M:g} m, or live with it"
    else:
        return []
    return [Fault(file, "", "datum-inaccurate", message, allowed, "warning")]


def _accuracy_m(transformer: Transformer, place: np.ndarray) -> float:
    """The accuracy of the operation that PROJ uses at a position, metres; -1 if unknown."""
    transformer.transform(*place)
    try:
        return float(transformer.get_last_used_operation().accuracy)
    except ProjError:  # the transformer has a single operation
        return float(transformer.accuracy)


def crs_faults(file_crs: Any, datum: Datum, file: str) -> list[Fault]:
    """Faults of a file whose CRS is not the one that is declared.

    Parameters
    ----------
    file_crs
        The CRS that the file names: a code or WKT.
    datum
        What the study declares. For map datums a file may name WGS 84 or CGCS2000, because no
        file can name a map datum.

    Examples
    --------
    >>> crs_faults("EPSG:4490", "gcj02", "a.shp")
    []
    >>> print(crs_faults("EPSG:4545", None, "a.shp")[0].allowed)
    WGS 84 (EPSG:4326), or in [datums] the datum EPSG:4545
    """
    declared = datum_crs(datum)
    try:
        own_crs = CRS.from_user_input(file_crs)
    except CRSError:
        return [Fault(file, "", "crs-wrong", f"its crs is {file_crs!r}", _crs_label(declared))]
    accepted = [declared, *([CRS(_CHINA_2000)] if datum in SHIFTED else [])]
    if any(_is_same_crs(own_crs, system) for system in accepted):
        return []
    code = own_crs.to_epsg(min_confidence=20)
    hint = f", or in [datums] the datum EPSG:{code}" if code and is_datum(f"EPSG:{code}") else ""
    return [Fault(file, "", "crs-wrong", f"its crs is {own_crs.name}", _crs_label(declared) + hint)]


def _crs_label(system: CRS) -> str:
    return f"{system.name} ({system.to_string()})"


def _is_same_crs(one: CRS, other: CRS) -> bool:
    if one.equals(other, ignore_axis_order=True):
        return True
    code = one.to_epsg(min_confidence=20)
    return code is not None and code == other.to_epsg()
