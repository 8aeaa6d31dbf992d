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
"""Marks a stretch of street along a border."""
TINY = 1e-9


def _breaks(street: pd.Series, edges: gpd.GeoSeries) -> np.ndarray:
    """Fractions of a street where it meets the edge of an area, in order."""
    edges_nearby = edges.to_numpy()[edges.sindex.query(street.geometry)]
    intersections = shapely.get_coordinates(shapely.intersection(edges_nearby, street.geometry))
    fractions = shapely.line_locate_point(
        street.geometry, shapely.points(intersections), normalized=True
    )
    return np.unique(np.clip(fractions, 0.0, 1.0))


def _stretches(
    street: pd.Series, breaks: np.ndarray, study_area: StudyArea, lines: gpd.GeoDataFrame
) -> list[str]:
    """The area of each stretch between the breaks; `ON_BORDER` along a border."""
    ends = np.concatenate([[0.0], breaks, [1.0]])
    midpoints = shapely.line_interpolate_point(
        street.geometry, (ends[:-1] + ends[1:]) / 2, normalized=True
    )
    names = area_of(study_area, gpd.GeoSeries(midpoints, crs=lines.crs))
    along_border = lines.sindex.query(midpoints, predicate="dwithin", distance=TINY)[0]
    names[along_border] = ON_BORDER
    names[np.diff(ends) <= TINY] = ON_BORDER
    return list(names)


@dataclass(frozen=True)
class _StreetAreas:
    """The areas that a street passes, in order, and the fractions between them."""

    street: int
    ends: tuple[str, str]
    areas: tuple[str, ...]
    breaks: tuple[float, ...]


def _street_areas(
    street: pd.Series,
    number: int,
    study_area: StudyArea,
    *,
    lines: gpd.GeoDataFrame,
    edges: gpd.GeoSeries,
) -> _StreetAreas:
    breaks = _breaks(street, edges)
    areas = _stretches(street, breaks, study_area, lines)
    return _StreetAreas(number, (street["u"], street["v"]), tuple(areas), tuple(map(float, breaks)))


def _border_nodes(courses: Sequence[_StreetAreas]) -> dict[str, str]:
    """The area of each node on a border: the first (by id) of the areas its streets lead into.

    So a street that ends at the border does not cross it there.
    """
    area_of_node: dict[str, str] = {}
    for course in courses:
        for node, fraction, inward in (
            (course.ends[0], 0.0, course.areas[1:2]),
            (course.ends[1], 1.0, course.areas[-2:-1]),
        ):
            if fraction in course.breaks:
                for area in inward:
                    if area not in ("", ON_BORDER):
                        area_of_node[node] = min(area_of_node.get(node, area), area)
    return area_of_node


def _changes(course: _StreetAreas, nodes: Mapping[str, str]) -> list[tuple[float, str, str]]:
    """Each change of area along one street: fraction, area before, area after."""
    start, end = (nodes.get(node, "") for node in course.ends)
    areas = [start, *course.areas, end]
    breaks = [0.0, *course.breaks, 1.0]
    changes = []
    current = ""
    for fraction, area in zip([0.0, *breaks], areas, strict=True):
        if area == ON_BORDER:
            continue
        if current and area and area != current:
            changes.append((fraction, current, area))
        current = area
    return changes


def _along_border(places: np.ndarray, line: BaseGeometry) -> pd.DataFrame:
    """Nearest piece of a border for each place, metres along it, and its length if it is closed."""
    pieces = shapely.get_parts(line)
    distances = shapely.distance(pieces[None, :], places[:, None])
    piece = distances.argmin(axis=1)
    along = shapely.line_locate_point(pieces[piece], places)
    round_m = np.where(shapely.is_closed(pieces), shapely.length(pieces), np.inf)[piece]
    return pd.DataFrame({"piece": piece, "along": along, "round_m": round_m})


def _gateway_numbers(along: pd.DataFrame, spacing_m: float) -> np.ndarray:
    """Gateway numbers: crossings near each other share one, in the order along the border."""
    ordered = along.sort_values(["piece", "along"], kind="stable")
    other_piece = ordered["piece"].diff() != 0
    number = (other_piece | (ordered["along"].diff() >= spacing_m)).cumsum()
    for _, ring in ordered.groupby("piece"):
        last, first = ring.iloc[-1], ring.iloc[0]
        if last["round_m"] - last["along"] + first["along"] < spacing_m:
            # a closed border: its last and first crossing may be near each other
            number = number.replace(number[ring.index[-1]], number[ring.index[0]])
    return number.loc[along.index].to_numpy()


def _gateway_ids(crossings: pd.DataFrame, along: pd.DataFrame, spacing_m: float) -> np.ndarray:
    """The gateway id of each crossing of one border, named after the first of its roads."""
    gateway = pd.Series(_gateway_numbers(along, spacing_m))
    osmid = pd.Series(crossings["osmid"].to_numpy())
    names = osmid.groupby(gateway).transform("min")
    # two gateways of one border on one road get a number
    pairs = pd.DataFrame({"name": names, "group": gateway}).drop_duplicates()
    pairs = pairs.sort_values("group")
    number = pairs.groupby("name").cumcount().set_axis(pairs["group"])
    suffix = gateway.map(number).map(lambda n: f":{n + 1}" if n else "")
    return (crossings["border_id"].iloc[0] + ":" + names + suffix).to_numpy()


def border_crossings(
    streets: gpd.GeoDataFrame, study_area: StudyArea, spacing_m: float
) -> pd.DataFrame:
    """Crossings: places where streets pass from one planning area into another.

    A street that touches a border, or follows it and turns back, does not cross.

    Parameters
    ----------
    streets
        Bus-allowed streets, fresh index, projected.
    study_area
        Planning areas.
    spacing_m
        Crossings closer than this along the border are one gateway, metres.

    Returns
    -------
    DataFrame
        `CROSSING_COLUMNS`: position of the street, fraction along it, the areas before and after,
        the border and the gateway.
    """
    lines = borders(study_area)
    candidates = np.unique(
        lines.sindex.query(streets.geometry.to_numpy(), predicate="intersects")[0]
    )
    edges = study_area.areas.geometry.boundary
    courses = [
        _street_areas(streets.iloc[number], number, study_area, lines=lines, edges=edges)
        for number in candidates.tolist()
    ]
    nodes = _border_nodes(courses)
    rows = [(course.street, *change) for course in courses for change in _changes(course, nodes)]
    table = pd.DataFrame.from_records(rows, columns=list(CROSSING_COLUMNS[:4]))
    pairs = zip(table["from_area"], table["to_area"], strict=True)
    table["border_id"] = ["|".join(sorted(pair)) for pair in pairs]
    table["osmid"] = streets["osmid"].to_numpy()[table["street"]] if len(table) else []
    geometries = streets.geometry.to_numpy()[table["street"].astype(int)]
    places = shapely.line_interpolate_point(
        geometries, table["fraction"].to_numpy(dtype=float), normalized=True
    )
    table["gateway_id"] = ""
    shapes = lines.set_index("border_id").geometry
    for border_id, group in table.groupby("border_id"):
        along = _along_border(places[group.index], shapes[border_id])
        table.loc[group.index, "gateway_id"] = _gateway_ids(group, along, spacing_m)
    return table[list(CROSSING_COLUMNS)]


def gateways(crossings: pd.DataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Gateways: groups of crossings.

    Returns
    -------
    GeoDataFrame
        `GATEWAY_COLUMNS`: `name` joins the names of the roads, `roads` lists their ids; the point
        is that of the first crossing. Sorted by id.
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
