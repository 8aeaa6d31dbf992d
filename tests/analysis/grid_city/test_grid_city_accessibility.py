"""Who reaches what in a city whose answers are computed by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from corner_city import CITY
from travel_times_between import routable

from analysis.accessibility import accessibility_on, cumulative_opportunities, gravity, nearest_secs
from analysis.graph.network_edge import touches_edge
from analysis.impedance import linear, negative_exponential, step
from analysis.measures import Measure
from analysis.travel_time import travel_time_matrix

NAMES = "ABCDEFGHIJKL"
POWERS = 2.0 ** np.arange(len(NAMES))


def names_in(total: float) -> str:
    """Who is in a sum of powers of two."""
    return "".join(name for k, name in enumerate(NAMES) if int(total) >> k & 1)


def city_secs(limit_secs: float = 7_200.0) -> np.ndarray:
    """Drive times at the peak between the twelve corners."""
    return travel_time_matrix(routable(CITY.network(), CITY.at(NAMES)), limit_secs)


@pytest.mark.parametrize(
    ("cutoff_secs", "from_a", "from_g"),
    [
        (0, "A", "G"),
        (199, "A", "FGH"),
        (200, "ABE", "CEFGHK"),
        (300, "ABEF", "BCDEFGHJKL"),
        (400, "ABCEFGI", "ABCDEFGHIJKL"),
        (500, "ABCEFGHIJ", "ABCDEFGHIJKL"),
        (699, "ABCDEFGHIJK", "ABCDEFGHIJKL"),
        (700, "ABCDEFGHIJKL", "ABCDEFGHIJKL"),
    ],
)
def test_cumulative_opportunities_name_who_is_reached(
    cutoff_secs: float, from_a: str, from_g: str
) -> None:
    """A-B 200, A-F 300 by the avenue, A-C and A-G 400, A-H and A-J 500, A-D 600, A-L 700."""
    found = cumulative_opportunities(city_secs(), POWERS, cutoff_secs)
    assert names_in(found[NAMES.index("A")]) == from_a
    assert names_in(found[NAMES.index("G")]) == from_g


def test_gravity_halves_with_every_half_life() -> None:
    """From A with 200 s: itself 1, B and E a half, F by 2^-1.5, C, G and I a quarter, ..."""
    found = gravity(city_secs(), np.ones(12), 200.0)[0]
    secs = [0, 200, 400, 600, 200, 300, 400, 500, 400, 500, 600, 700]
    assert found == pytest.approx(sum(2 ** (-t / 200) for t in secs))
    few = gravity(city_secs(), np.eye(12)[[1, 2]].sum(axis=0) * 8, 200.0)
    assert few[0] == pytest.approx(8 / 2 + 8 / 4)


def test_kth_nearest() -> None:
    """Hospitals at B, G (two) and L, from A: 200, 400, 400, 700 s."""
    hospitals = np.zeros(12)
    hospitals[[NAMES.index(name) for name in "BGL"]] = [1, 2, 1]
    secs = city_secs()
    assert [nearest_secs(secs, hospitals, k)[0] for k in (1, 2, 3, 4)] == [200, 400, 400, 700]
    assert np.isnan(nearest_secs(secs, hospitals, 5)[0])
    near = city_secs(limit_secs=500.0)
    assert np.isnan(nearest_secs(near, hospitals, 4)[0])


def test_measures_of_a_table() -> None:
    """The same functions by name, one column each."""
    zones = gpd.GeoDataFrame({"population": POWERS, "parks": np.ones(12)}, geometry=CITY.at(NAMES))
    measures = [
        Measure("people_200", "cumulative", "population", 200.0),
        Measure("parks_gravity", "gravity", "parks", 200.0),
        Measure("parks_nearest", "nearest", "parks", 2),
    ]
    asked = routable(CITY.network(), CITY.at(NAMES))
    found = accessibility_on(asked.linked, zones, measures, limit_secs=7_200.0)
    assert list(found.columns) == [measure.name for measure in measures]
    assert names_in(found["people_200"][0]) == "ABE"
    assert found["parks_nearest"].tolist() == [200, 200, 200, 200, *[100] * 4, *[200] * 4]


def test_zones_that_look_over_the_edge() -> None:
    """The edge is the outer ring: G reaches H in 100 s; from within 99 s only the ring does."""
    asked = routable(CITY.network(), CITY.at(NAMES))
    flagged = touches_edge(asked, limit_secs=99.0, edge_m=10.0)
    assert "".join(np.array(list(NAMES))[flagged]) == "ABCDEHIJKL"
    assert touches_edge(asked, limit_secs=100.0, edge_m=10.0).all()


@pytest.mark.parametrize("impedance", [step, negative_exponential, linear])
def test_impedance_falls_from_one_to_nothing(impedance: object) -> None:
    assert callable(impedance)
    weights = impedance(np.array([0.0, 1.0, 300.0, 599.0, 600.0, 601.0, 5_000.0, np.inf]), 600.0)
    assert weights[0] == 1
    assert weights[-1] == 0
    assert (np.diff(weights) <= 0).all()
