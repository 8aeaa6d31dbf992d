"""Small worlds drawn in ASCII, with values that make their times easy to compute by hand.

A drawing has nodes (capital letters, and `+` for those without a name), streets (`-` across, `|`
down), tunnels (`.`, across only; they pass under a `|` without meeting it) and places (small
letters; on a street they do not break it). Four characters across or two lines down are
`scale_m` metres. The first character stands at `ORIGIN`; up is north. A street is named by its
two ends in reading order.

With the `easy` values a walker goes 1 m/s, a car 10 m/s off the peak and 5 m/s at the peak, a
point off the street is reached straight, and nobody walks but along streets.

>>> here = world('''
... A---B-s-C
...     |
...     D
... ''')
>>> sorted(set(here.roads.edges["osmid"]))
['AB', 'BC', 'BD']
>>> float(times(here.network(), here.at("AD")).loc["A", "D"])  # 2 km at 5 m/s
400.0
>>> bus = route("bus", "As", 120, headway_secs=600)
>>> float(times(here.network(bus), here.at("AC"), mode="transit").loc["A", "C"])
920.0
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import Band, Mode, RoutableNetwork, Travel, routable_network
from analysis.travel_time import travel_time_matrix
from geo.areas import StudyArea
from geo.crs import WGS84
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.planned.splitting import street_parts, with_rows
from layers.projects import Project
from layers.roads import ROAD_FIELDS, RoadNetwork, may_walk, node_table, road_network
from layers.screenlines import VOLUME_COLUMNS
from layers.transit import Period, TransitRoute

CRS = "EPSG:32648"
ORIGIN = (600_000.0, 3_270_000.0)
STREET: dict[str, Any] = {
    "highway": "primary",
    "lanes": 2,
    "maxspeed": 36.0,
    "name_en": "",
    "oneway": False,
    "tunnel": False,
    "bridge": False,
    "access": "",
    "drive": True,
    "walk": None,
    "bus": True,
    "crossing": None,
    "screenline": None,
    "project_id": "",
}
EASY = replace(
    Assumptions(),
    walk_speed_kph=3.6,
    drive_connector_kph=36.0,
    detour=1.0,
    max_direct_walk_m=0.0,
    max_trip_secs=43_200.0,
    peak_speed_factor={"default": 0.5},
    offpeak_speed_factor={"default": 1.0},
)


def easy(**values: Any) -> Assumptions:
    """The easy values with some of them changed."""
    return replace(EASY, **values)


def examples(count: int) -> settings:
    """Hypothesis settings: the same examples on every machine, however slow it is."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


# Drawing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Roads and named points; every letter of the drawing is a place."""

    roads: RoadNetwork
    places: gpd.GeoSeries

    def at(self, letters: Iterable[str]) -> gpd.GeoSeries:
        """Some of the places."""
        return self.places[list(letters)]

    def line(self, letters: Iterable[str]) -> LineString:
        """A line through places."""
        return LineString(list(self.at(letters)))

    def network(self, *routes: TransitRoute) -> TransportNetwork:
        """The roads with routes, which stop at places."""
        used = dict.fromkeys(stop for item in routes for stop in item.stop_ids)
        return TransportNetwork(self.roads, stops(self.at(used)), routes)


def point(east_m: float, south_m: float) -> Point:
    """A point so far from the first character of a drawing."""
    return Point(ORIGIN[0] + east_m, ORIGIN[1] - south_m)


def _run_end(rows: Sequence[str], row: int, column: int, step: tuple[int, int]) -> Any:
    """Where a street that leaves a node to the right or down ends, and whether it is a tunnel."""
    along, across = ("-.", "|") if step == (0, 1) else ("|", "-.")
    row, column = row + step[0], column + step[1]
    first = rows[row][column]
    if first not in along:
        return None
    while rows[row][column] in along + across or rows[row][column].islower():
        row, column = row + step[0], column + step[1]
    return (row, column), first == "."


def world(
    drawing: str,
    *,
    scale_m: float = 1_000.0,
    streets: Mapping[str, Mapping[str, Any]] | None = None,
    also: Mapping[str, Mapping[str, Any]] | None = None,
    **every: Any,
) -> World:
    """Roads and places from a drawing.

    Parameters
    ----------
    drawing
        See the head of this file.
    scale_m
        Metres of four characters across or two lines down.
    streets
        Attributes of single streets, by name.
    also
        Straight streets that the drawing lacks: the first two letters of the name are its ends.
    every
        Attributes of every street.
    """
    lines = textwrap.dedent(drawing).strip("\n").splitlines()
    width = max(map(len, lines)) + 1
    rows = [line.ljust(width) for line in (*lines, "")]
    marks = [
        (r, c, mark)
        for r, line in enumerate(rows)
        for c, mark in enumerate(line)
        if mark == "+" or mark.isalpha()
    ]
    places = {
        (mark if mark != "+" else f"+{r}_{c}"): point(c * scale_m / 4, r * scale_m / 2)
        for r, c, mark in marks
    }
    nodes = {
        (r, c): (mark if mark != "+" else f"+{r}_{c}") for r, c, mark in marks if not mark.islower()
    }
    found: dict[str, dict[str, Any]] = {}
    for (r, c), name in nodes.items():
        for step in ((0, 1), (1, 0)):
            run = _run_end(rows, r, c, step)
            if run:
                other = nodes[run[0]]
                found[name + other] = {"u": name, "v": other, "tunnel": run[1]}
    for name in also or {}:
        found[name] = {"u": name[0], "v": name[1]}
    own = {**(streets or {}), **(also or {})}
    records = [
        {
            **STREET,
            **ends,
            "osmid": name,
            "name": name,
            "geometry": LineString([places[ends["u"]], places[ends["v"]]]),
            **every,
            **own.get(name, {}),
        }
        for name, ends in found.items()
    ]
    letters = {name: place for name, place in places.items() if name.isalpha()}
    used = {name: places[name] for name in nodes.values()}
    return World(roads_of(used, records), gpd.GeoSeries(letters, crs=CRS))


def roads_of(nodes: Mapping[str, Point], records: Sequence[Mapping[str, Any]]) -> RoadNetwork:
    """A road network; streets without a length are measured."""
    ids = list(nodes)
    table = node_table(ids, np.array(list(nodes.values()), dtype=object), ids, CRS)
    columns = ["u", "v", "osmid", "name", "length", "geometry", *STREET]
    drawn = pd.DataFrame.from_records(list(records)).reindex(columns=columns)
    frame = gpd.GeoDataFrame(drawn, geometry="geometry", crs=CRS)
    frame["length"] = frame["length"].astype(float).fillna(frame.geometry.length)
    by_rule = may_walk(frame["highway"], frame["tunnel"], frame["length"])
    frame["walk"] = frame["walk"].where(frame["walk"].notna(), by_rule).astype(bool)
    for name in ("screenline", "crossing"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    return road_network(table, frame)


# Public transport, projects, areas ----------------------------------------------------------


def stops(places: gpd.GeoSeries, *, project_id: str = "") -> gpd.GeoDataFrame:
    """Stops at places, with `layers.transit.STOP_COLUMNS`."""
    columns = {
        "stop_name": [f"stop {name}" for name in places.index],
        "name_en": "",
        "accuracy_m": 0.0,
        "name_status": "confirmed",
        "confidence": "published",
        "project_id": project_id,
    }
    index = pd.Index(places.index, name="stop_id", dtype=object)
    geometry = places.to_numpy()
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=index), geometry=geometry, crs=CRS)


def route(
    route_id: str,
    stop_ids: Iterable[str],
    hop_secs: float | Sequence[float] = 60.0,
    *,
    headway_secs: float = 600.0,
    **values: Any,
) -> TransitRoute:
    """A bus, unless told otherwise; one number for the hops means all of them."""
    named = tuple(stop_ids)
    hops = hop_secs if isinstance(hop_secs, Sequence) else [hop_secs] * (len(named) - 1)
    defaults: dict[str, Any] = {
        "route_name": route_id,
        "name_en": "",
        "route_type": 3,
        "line": route_id,
        "headway_peak_secs": headway_secs,
        "headway_offpeak_secs": headway_secs,
    }
    own = {"route_id": route_id, "stop_ids": named, "hop_secs": tuple(map(float, hops))}
    return TransitRoute(**{**defaults, **own, **values})


def road(link_id: str, line: LineString, **values: Any) -> dict[str, Any]:
    """One road of a project, a record of `layers.roads.ROAD_FIELDS`."""
    record = {item.name: item.default for item in ROAD_FIELDS}
    needed = {"link_id": link_id, "highway": "primary", "maxspeed": 36.0, "geometry": line}
    return record | {"name_zh": link_id} | needed | values


def tunnel(link_id: str, line: LineString, **values: Any) -> dict[str, Any]:
    """One tunnel of a project."""
    return road(link_id, line, tunnel=True, **values)


def project(
    project_id: str,
    *,
    roads: Sequence[Mapping[str, Any]] = (),
    routes: Sequence[TransitRoute] = (),
    stops_at: gpd.GeoSeries | None = None,
    **values: Any,
) -> Project:
    """A project in memory: roads, routes and the stops it adds."""
    columns = [*(item.name for item in ROAD_FIELDS), "geometry"]
    table = pd.DataFrame.from_records(list(roads), columns=columns)
    places = gpd.GeoSeries([], crs=CRS) if stops_at is None else stops_at
    defaults: dict[str, Any] = {
        "name_zh": project_id,
        "name_en": project_id,
        "kind": "road",
        "status": "planned",
        "opening_year": 2025,
        "clause": None,
        "source": {"document": "a test"},
        "confidence": "assumed",
        "assumed_fields": (),
        "requires": (),
        "replaces": (),
        "cost": None,
        "file": f"{project_id}.geojson",
    }
    return Project(
        project_id=project_id,
        roads=gpd.GeoDataFrame(table, geometry="geometry", crs=CRS).assign(project_id=project_id),
        stops=stops(places, project_id=project_id),
        routes=tuple(replace(item, project_id=project_id) for item in routes),
        features=gpd.GeoDataFrame({"element": []}, geometry=[], crs=WGS84),
        **{**defaults, **values},
    )


def area_boxes(**boxes: tuple[float, float, float, float]) -> StudyArea:
    """Planning areas: left, top, right, bottom in km from the drawing's first character."""
    shapes = [
        shapely.box(
            *point(left * 1e3, bottom * 1e3).coords[0], *point(right * 1e3, top * 1e3).coords[0]
        )
        for left, top, right, bottom in boxes.values()
    ]
    return areas_of(dict(zip(boxes, shapes, strict=True)))


def areas_of(shapes: Mapping[str, shapely.Geometry]) -> StudyArea:
    """Planning areas of any shape; the first is the core."""
    names = list(shapes)
    roles = ["core" if name == names[0] else "ring" for name in names]
    columns = {"area_id": names, "name_zh": names, "name_en": names, "role": roles}
    return StudyArea(gpd.GeoDataFrame(columns, geometry=list(shapes.values()), crs=CRS))


def peak_volumes(**by_screenline: float) -> pd.DataFrame:
    """Cars an hour by screenline; none if nothing is named."""
    rows = [(name, name, name, cars, "assumed", "", "") for name, cars in by_screenline.items()]
    return pd.DataFrame.from_records(rows, columns=list(VOLUME_COLUMNS))


# Asking -------------------------------------------------------------------------------------


def conditions(assumptions: Assumptions = EASY, **by_screenline: float) -> Conditions:
    """Assumptions and peak volumes."""
    return Conditions(peak_volumes(**by_screenline), assumptions)


def routable(
    network: TransportNetwork,
    places: gpd.GeoSeries,
    mode: Mode = "drive",
    *,
    under: Conditions | None = None,
) -> RoutableNetwork:
    """The graph of a mode at the peak."""
    return routable_network(network, places, travel=Travel(mode), conditions=under or conditions())


def times(
    network: TransportNetwork,
    places: gpd.GeoSeries,
    *,
    mode: Mode = "drive",
    period: Period = "peak",
    band: Band = "expected",
    under: Conditions | None = None,
) -> pd.DataFrame:
    """Seconds from every place (row) to every place (column); infinite where there is no way."""
    under = under or conditions()
    graph = routable_network(network, places, travel=Travel(mode, period, band), conditions=under)
    limit = under.assumptions.max_trip_secs
    secs = travel_time_matrix(graph, limit * (2 if band == "worst" else 1))
    return pd.DataFrame(secs, index=places.index, columns=places.index)


# Random worlds ------------------------------------------------------------------------------

HIGHWAYS = ("motorway", "trunk", "primary", "primary", "tertiary_link")


@st.composite
def random_roads(draw: st.DrawFn, *, two_way: bool = False) -> RoadNetwork:
    """Four to eight nodes in 5 x 5 km, streets between any of them, bent so that none coincide.

    Some are one-way (unless told otherwise), some are tunnels, some join the same two nodes, and
    most are a little longer than they are drawn.
    """
    spot = st.tuples(st.integers(0, 99), st.integers(0, 99))
    spots = draw(st.lists(spot, min_size=4, max_size=8, unique=True))
    nodes = {f"n{k}": point(51.0 * x, 53.0 * y) for k, (x, y) in enumerate(spots)}
    count = len(nodes)
    pair = st.tuples(st.integers(0, count - 1), st.integers(1, count - 1))
    records = []
    for k, (start, further) in enumerate(draw(st.lists(pair, min_size=3, max_size=10))):
        u, v = f"n{start}", f"n{(start + further) % count}"
        bend = 0.1 * draw(st.integers(-3, 3)) + 0.017 * (k + 1)
        line = bent(nodes[u], nodes[v], bend)
        records.append(
            {
                **STREET,
                "u": u,
                "v": v,
                "osmid": f"s{k}",
                "name": f"s{k}",
                "geometry": line,
                "length": line.length * draw(st.sampled_from([1.0, 1.2])),
                "highway": draw(st.sampled_from(HIGHWAYS)),
                "maxspeed": draw(st.sampled_from([30.0, 50.0, 100.0])),
                "oneway": not two_way and draw(st.booleans()),
                "tunnel": draw(st.integers(0, 4)) == 0,
            }
        )
    return roads_of(nodes, records)


def bent(start: Point, end: Point, bend: float) -> LineString:
    """A line of two straight parts; its middle is `bend` x its length to the left."""
    east, north = end.x - start.x, end.y - start.y
    middle = (start.x + east / 2 - bend * north, start.y + north / 2 + bend * east)
    return LineString([start, middle, end])


@st.composite
def points_near(
    draw: st.DrawFn, roads: RoadNetwork, *, count: int = 3, offset_m: int = 300
) -> gpd.GeoSeries:
    """Points beside random streets, at most so far off."""
    lines = roads.edges.geometry.to_numpy()
    found = {}
    for k in range(count):
        line = lines[draw(st.integers(0, len(lines) - 1))]
        on = line.interpolate(draw(st.integers(1, 15)) / 16, normalized=True)
        east = draw(st.integers(-offset_m, offset_m))
        north = draw(st.integers(-offset_m, offset_m))
        found[f"p{k}"] = Point(on.x + east + 0.3 * k, on.y + north + 0.7 * k)
    return gpd.GeoSeries(found, crs=CRS)


def split_street(
    table: gpd.GeoDataFrame, number: int, share: float, node_id: str
) -> gpd.GeoDataFrame:
    """Streets of which one is cut in two at a share of its length, where a node comes."""
    parts = street_parts(table.iloc[number].to_dict(), [(share, node_id)])
    rest = np.delete(np.arange(len(table)), number)
    split, _ = with_rows(table, rest, parts, [number] * len(parts))
    return split
