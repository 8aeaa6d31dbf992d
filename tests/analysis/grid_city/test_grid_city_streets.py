"""Driving and walking in a city whose answers are computed by hand."""

from __future__ import annotations

import pytest
from ascii_worlds import world
from easy_values import conditions, easy
from grid_city import CITY
from travel_times_between import times


@pytest.mark.parametrize(
    ("start", "end", "secs"),
    [
        ("A", "D", 3 * 200),
        ("A", "L", 200 + 3 * 100 + 200),
        ("I", "K", 2 * 200),
        ("I", "H", 200 + 3 * 100),
        ("s", "t", 50 + 100 + 50),
        ("s", "B", 50 + 200),
    ],
)
def test_drive(start: str, end: str, secs: float) -> None:
    places = CITY.at(start + end)
    peak = times(CITY.network(), places)
    offpeak = times(CITY.network(), places, period="offpeak")
    assert peak.loc[start, end] == pytest.approx(secs)
    assert offpeak.loc[start, end] == pytest.approx(secs / 2)


def test_walk() -> None:
    """Speeds of cars do not matter."""
    found = times(CITY.network(), CITY.at("ALst"), mode="walk")
    assert found.loc["A", "L"] == pytest.approx(5_000)
    assert found.loc["s", "t"] == pytest.approx(500 + 1_000 + 500)


@pytest.mark.parametrize(
    ("streets_of_ab", "secs"),
    [
        ({}, 1_000),
        ({"oneway": True}, 1_000),
        ({"highway": "trunk"}, 3_000),
        ({"highway": "motorway_link"}, 3_000),
        ({"tunnel": True}, 3_000),
        ({"tunnel": True, "length": 300.0}, 300),
        ({"bridge": True}, 1_000),
    ],
)
def test_walkers_keep_off_fast_roads_and_long_tunnels(
    streets_of_ab: dict[str, object], secs: float
) -> None:
    """Round the block where they must; one-way signs do not bind them."""
    here = world(
        """
        A---B
        |   |
        C---D
        """,
        streets={"AB": streets_of_ab},
    )
    found = times(here.network(), here.at("AB"), mode="walk")
    assert found.loc["B", "A"] == pytest.approx(secs)


def test_the_way_to_the_street() -> None:
    """1000 m off at both ends with a detour of 1.3: 130 s by car at 10 m/s, 1300 s on foot."""
    here = world(
        """
        A-----------B

           p    q
        """
    )
    under = conditions(easy(detour=1.3))
    off_m = 1_000.0
    along_m = 1_250.0
    drive = times(here.network(), here.at("pq"), under=under)
    walk = times(here.network(), here.at("pq"), mode="walk", under=under)
    assert drive.loc["p", "q"] == pytest.approx(2 * off_m * 1.3 / 10 + along_m / 5)
    assert walk.loc["q", "p"] == pytest.approx(2 * off_m * 1.3 / 1 + along_m / 1)


@pytest.mark.parametrize(("reach_m", "secs"), [(1_249.0, 3_850.0), (1_250.0, 1_625.0)])
def test_walking_past_the_streets(reach_m: float, secs: float) -> None:
    """Points 1250 m apart: by the street 1300 + 1250 + 1300 s, straight 1250 x 1.3 s."""
    here = world(
        """
        A-----------B

           p    q
        """
    )
    under = conditions(easy(detour=1.3, max_direct_walk_m=reach_m))
    walk = times(here.network(), here.at("pq"), mode="walk", under=under)
    assert walk.loc["p", "q"] == pytest.approx(secs)
