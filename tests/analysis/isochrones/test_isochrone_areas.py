"""Isochrones: areas that are known by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from ascii_worlds import world
from coordinates import point
from easy_values import conditions
from isochrones_of import ASSUMED, asked
from network_parts import route
from shapely.geometry import LineString, Point
from travel_times_between import times

from analysis.graph.travel import Mode
from layers.network import TransportNetwork


def one_area(
    network: TransportNetwork, origin: Point, cutoff: float, mode: Mode = "walk", **values: Any
) -> shapely.Geometry:
    """The area of one cutoff."""
    found = asked(network, origin, [cutoff], mode, replace(ASSUMED, **values))
    return found.areas.geometry.iloc[0]


@pytest.mark.parametrize(
    ("cutoff", "offroad_m", "radius_m"), [(300.0, 900.0, 300.0), (900.0, 300.0, 300.0)]
)
def test_open_ground_is_a_disc(cutoff: float, offroad_m: float, radius_m: float) -> None:
    """No street anywhere: time is up after 300 m, or one does not go farther than 300 m."""
    here = world("A---B                                                o")
    origin = here.places["o"]
    area = one_area(here.network(), origin, cutoff, max_offroad_m=offroad_m)
    assert area.area == pytest.approx(np.pi * radius_m**2, rel=0.02)
    edge = shapely.distance(shapely.points(shapely.get_coordinates(area)), origin)
    assert edge == pytest.approx(radius_m, abs=10.0)


def test_a_straight_street_is_a_band() -> None:
    """Walking 1000 m along it from its start, up to 100 m off it, with a detour of 2 off it.

    After x metres 1000 - x seconds are left, and (1000 - x) / 2 metres off the street, so the
    band is 200 m wide for 800 m, and then narrows; a half disc lies behind the start.
    """
    here = world("A---------------B")
    area = one_area(here.network(), here.places["A"], 1_000.0, detour=2.0)
    wedge = 2 * sum(min(100.0, (1_000 - x) / 2) for x in range(1_000))
    assert area.area == pytest.approx(wedge + np.pi * 100**2 / 2, rel=0.02)


def test_the_inside_of_a_ring_is_a_hole() -> None:
    """A block of 1 km; nobody goes farther than 100 m into it."""
    here = world(
        """
        A---B
        |   |
        C---D
        """
    )
    area = one_area(here.network(), here.places["A"], 5_000.0)
    (hole,) = area.interiors
    assert shapely.Polygon(hole).area == pytest.approx(800.0**2, rel=0.02)
    assert not area.covers(point(500, 500))


def test_metro_exits_are_islands() -> None:
    """A ride of 60 s to s and 60 s to t, 3 and 6 km off; nothing is reached in between."""
    here = world("A---B       s           t")
    metro = route("1", "Ast", 60, headway_secs=60)
    area = one_area(here.network(metro), here.places["A"], 210.0, mode="transit")
    parts = sorted(shapely.get_parts(area), key=lambda part: part.centroid.x)
    assert len(parts) == 3
    assert parts[1].centroid.distance(here.places["s"]) < 5
    # 210 - 30 - 60 = 120 s are left at s, but 100 m is the limit; at t 60 s
    assert parts[1].area == pytest.approx(np.pi * 100**2, rel=0.03)
    assert parts[2].area == pytest.approx(np.pi * 60**2, rel=0.03)


@pytest.mark.parametrize(
    "closed", [{"tunnel": True}, {"bridge": True}, {"highway": "motorway"}], ids=str
)
def test_times_to_places_agree_with_the_area(closed: dict[str, Any]) -> None:
    """The place p lies over the ridge, beside the middle of BC: nobody gets off there."""
    here = world(
        """
        A---B-------C---D
                p
        """,
        scale_m=400,
        streets={"BC": closed},
    )
    area = one_area(here.network(), here.places["A"], 1_000.0, mode="drive")
    assert not area.covers(here.places["p"])
    drive = times(here.network(), here.at("ABp"), under=conditions(ASSUMED))
    leaving_at_b = here.places["B"].distance(here.places["p"]) / 10
    assert drive.loc["A", "p"] == pytest.approx(drive.loc["A", "B"] + leaving_at_b)


def test_streets_out_of_reach_stay_outside_by_a_cell() -> None:
    """Two parallel streets 300 m apart, not joined; one goes 100 m off the first."""
    here = world(
        """
        A-------B

        C-------D
        """,
        scale_m=300,
    )
    area = one_area(here.network(), here.places["A"], 5_000.0)
    other = LineString([here.places["C"], here.places["D"]])
    assert area.distance(other) == pytest.approx(200, abs=ASSUMED.surface_cell_m)


def test_finer_cells_find_the_same_area() -> None:
    here = world(
        """
        A---B---C
            |   |
            D---E
        """,
        scale_m=300,
    )
    areas = [
        one_area(here.network(), here.places["A"], 900.0, surface_cell_m=cell)
        for cell in (40.0, 10.0)
    ]
    assert shapely.symmetric_difference(*areas).area <= 0.03 * areas[1].area
