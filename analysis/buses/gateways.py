"""Gateways: the places where a bus-allowed road crosses a border of planning areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areas import StudyArea, area_of, borders

CROSSING_COLUMNS = ("street", "fraction", "from_area", "to_area", "border_id", "gateway_id")
GATEWAY_COLUMNS = ("gateway_id", "border_id", "area_a", "area_b", "name", "roads", "geometry")
ON_BORDER = "|"
"""Marks a stretch of road that runs along a border."""
TINY = 1e-9


def _breaks(street: pd.Series, edges: gpd.GeoSeries) -> np.ndarray:
    """Fractions of a street at which it meets the edge of any area, in order."""
    near = edges.to_numpy()[edges.sindex.query(street.geometry)]
    meets = shapely.get_coordinates(shapely.intersection(near, street.geometry))
    at = shapely.line_locate_point(street.geometry, shapely.points(meets), normalized=True)
    return np.unique(np.clip(at, 0.0, 1.0))


def _stretches(
    street: pd.Series, at: np.ndarray, study_area: StudyArea, lines: gpd.GeoDataFrame
) -> list[str]:
    """The area of each stretch between the breaks; `ON_BORDER` where it runs along one."""
    ends = np.concatenate([[0.0], at, [1.0]])
    middles = shapely.line_interpolate_point(
        street.geometry, (ends[:-1] + ends[1:]) / 2, normalized=True
    )
    names = area_of(study_area, gpd.GeoSeries(middles, crs=lines.crs))
    on = lines.sindex.query(middles, predicate="dwithin", distance=TINY)[0]
    names[on] = ON_BORDER
    names[np.diff(ends) <= TINY] = ON_BORDER
    return list(names)


@dataclass(frozen=True)
class _Course:
    """A street's areas in order and the fractions at which one gives way to the next."""

    street: int
    ends: tuple[str, str]
    areas: tuple[str, ...]
    breaks: tuple[float, ...]


def _course(
    street: pd.Series,
    number: int,
    study_area: StudyArea,
    *,
    lines: gpd.GeoDataFrame,
    edges: gpd.GeoSeries,
) -> _Course:
    at = _breaks(street, edges)
    areas = _stretches(street, at, study_area, lines)
    return _Course(number, (street["u"], street["v"]), tuple(areas), tuple(map(float, at)))


def _border_nodes(courses: Sequence[_Course]) -> dict[str, str]:
    """The area of each node on a border: the first of those that its streets lead into.

    So a street that only comes up to the border does not cross it at its end.
    """
    found: dict[str, str] = {}
    for course in courses:
        for node, fraction, inward in (
            (course.ends[0], 0.0, course.areas[1:2]),
            (course.ends[1], 1.0, course.areas[-2:-1]),
        ):
            if fraction in course.breaks:
                for area in inward:
                    if area not in ("", ON_BORDER):
                        found[node] = min(found.get(node, area), area)
    return found


def _changes(course: _Course, nodes: Mapping[str, str]) -> list[tuple[float, str, str]]:
    """Fraction, area before and area after of each change of area along one street."""
    start, end = (nodes.get(node, "") for node in course.ends)
    areas = [start, *course.areas, end]
    breaks = [0.0, *course.breaks, 1.0]
    found = []
    before = ""
    for fraction, area in zip([0.0, *breaks], areas, strict=True):
        if area == ON_BORDER:
            continue
        if before and area and area != before:
            found.append((fraction, before, area))
        before = area
    return found


def _along_border(places: np.ndarray, line: BaseGeometry) -> pd.DataFrame:
    """The border's piece nearest to each place, metres along it, and its length if closed."""
    pieces = shapely.get_parts(line)
    away = shapely.distance(pieces[None, :], places[:, None])
    piece = away.argmin(axis=1)
    along = shapely.line_locate_point(pieces[piece], places)
    round_m = np.where(shapely.is_closed(pieces), shapely.length(pieces), np.inf)[piece]
    return pd.DataFrame({"piece": piece, "along": along, "round_m": round_m})


def _gateway_numbers(along: pd.DataFrame, spacing_m: float) -> np.ndarray:
    """The same number for crossings near each other, in the order along the border."""
    ordered = along.sort_values(["piece", "along"], kind="stable")
    other_piece = ordered["piece"].diff() != 0
    number = (other_piece | (ordered["along"].diff() >= spacing_m)).cumsum()
    for _, ring in ordered.groupby("piece"):
        last, first = ring.iloc[-1], ring.iloc[0]
        if last["round_m"] - last["along"] + first["along"] < spacing_m:
            # the border closes on itself between its last crossing and its first
            number = number.replace(number[ring.index[-1]], number[ring.index[0]])
    return number.loc[along.index].to_numpy()


def _grouped(crossings: pd.DataFrame, along: pd.DataFrame, spacing_m: float) -> np.ndarray:
    """The gateway of each crossing of one border, named by the first of its roads."""
    group = pd.Series(_gateway_numbers(along, spacing_m))
    osmid = pd.Series(crossings["osmid"].to_numpy())
    names = osmid.groupby(group).transform("min")
    # two gateways of one border on one road get a number
    pairs = pd.DataFrame({"name": names, "group": group}).drop_duplicates()
    pairs = pairs.sort_values("group")
    number = pairs.groupby("name").cumcount().set_axis(pairs["group"])
    suffix = group.map(number).map(lambda n: f":{n + 1}" if n else "")
    return (crossings["border_id"].iloc[0] + ":" + names + suffix).to_numpy()


def border_crossings(
    streets: gpd.GeoDataFrame, study_area: StudyArea, spacing_m: float
) -> pd.DataFrame:
    """Where streets pass from one planning area into another.

    A street that touches a border or runs along it and turns back does not cross.

    Parameters
    ----------
    streets
        Bus-allowed streets, fresh index, projected.
    study_area
        Planning areas.
    spacing_m
        Crossings nearer than this along the border are one gateway.

    Returns
    -------
    DataFrame
        `CROSSING_COLUMNS`: position of the street, fraction along it, the areas before and after,
        the border and the gateway.
    """
    lines = borders(study_area)
    near = np.unique(lines.sindex.query(streets.geometry.to_numpy(), predicate="intersects")[0])
    edges = study_area.areas.geometry.boundary
    courses = [
        _course(streets.iloc[number], number, study_area, lines=lines, edges=edges)
        for number in near.tolist()
    ]
    nodes = _border_nodes(courses)
    rows = [(course.street, *change) for course in courses for change in _changes(course, nodes)]
    table = pd.DataFrame.from_records(rows, columns=list(CROSSING_COLUMNS[:4]))
    pairs = zip(table["from_area"], table["to_area"], strict=True)
    table["border_id"] = ["|".join(sorted(pair)) for pair in pairs]
    table["osmid"] = streets["osmid"].to_numpy()[table["street"]] if len(table) else []
    drawn = streets.geometry.to_numpy()[table["street"].astype(int)]
    places = shapely.line_interpolate_point(
        drawn, table["fraction"].to_numpy(dtype=float), normalized=True
    )
    table["gateway_id"] = ""
    shapes = lines.set_index("border_id").geometry
    for border_id, group in table.groupby("border_id"):
        along = _along_border(places[group.index], shapes[border_id])
        table.loc[group.index, "gateway_id"] = _grouped(group, along, spacing_m)
    return table[list(CROSSING_COLUMNS)]


def gateways(crossings: pd.DataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Crossings gathered into gateways.

    Returns
    -------
    GeoDataFrame
        `GATEWAY_COLUMNS`: `name` joins the names of the roads, `roads` lists their ids; the point
        is the first crossing's. Sorted by id.
    """
    rows = []
    for gateway_id, group in crossings.groupby("gateway_id", sort=True):
        on = streets.iloc[group["street"]]
        first = group.iloc[on["osmid"].to_numpy().argmin()]
        place = streets.geometry.iloc[int(first["street"])].interpolate(
            first["fraction"], normalized=True
        )
        area_a, area_b = first["border_id"].split("|")
        names = [name for name in dict.fromkeys(on["crossing"].fillna(on["name"])) if name]
        roads = sorted(set(on["osmid"]))
        border_id = first["border_id"]
        rows.append((gateway_id, border_id, area_a, area_b, "、".join(names), roads, place))
    table = pd.DataFrame.from_records(rows, columns=list(GATEWAY_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=streets.crs)
