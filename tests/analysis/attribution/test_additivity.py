"""When building something is more than adding it, so that subsets need searches of their own."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pytest
from ascii_worlds import World, world
from coordinates import CRS, point
from judged_worlds import Judged, asked, line_between, player
from network_parts import project, road, route, tunnel

from analysis.attribution.direct_values import direct_values, point_times
from analysis.graph.travel import Travel
from layers.network import TransportNetwork
from layers.projects import Project


def judged_of(
    here: World, baseline: TransportNetwork, projects: Mapping[str, Project], **groups: str
) -> Judged:
    """Each project is a player, unless groups are given."""
    places = here.at("AB")
    players = [player(name, *ids.split()) for name, ids in groups.items()]
    players = players or [player(name) for name in projects]
    return Judged(baseline, projects, tuple(players), asked(list(places), places))


def known(*projects: Project) -> dict[str, Project]:
    return {item.project_id: item for item in projects}


def same_as_only(judged: Judged) -> bool:
    """Whether every subset has the times of the whole without the other players' things."""
    for built in judged.subsets:
        for travel in (Travel("drive"), Travel("transit")):
            one, other = (
                point_times(network, judged.wanted, travel=travel, conditions=judged.conditions)
                for network in (judged.network(built), judged.package.network_with(built))
            )
            if not (
                np.isclose(one, other, rtol=0, atol=1e-3) | (np.isinf(one) & (one == other))
            ).all():
                return False
    return True


# A -- B today, or by a road round by the south from one portal or from two.
LINE = world("A-----------------------p-----------------------B")
PORTAL, FIELD = (6_000, 100), (6_000, 3_000)
FIRST = road("first", line_between(PORTAL, FIELD))
SECOND = road("second", line_between(PORTAL, (12_000, 0)), maxspeed=120.0)


@pytest.mark.parametrize("requires", [(), ("first",)])
def test_two_projects_share_a_portal(requires: tuple[str, ...]) -> None:
    """The second has the first's connection to the street; alone it would have its own."""
    plans = known(
        project("first", roads=[FIRST]), project("second", roads=[SECOND], requires=requires)
    )
    judged = judged_of(LINE, LINE.network(), plans)
    assert same_as_only(judged) == judged.only_adds == bool(requires)


def test_two_projects_of_one_player_share_a_portal() -> None:
    plans = known(project("first", roads=[FIRST]), project("second", roads=[SECOND]))
    judged = judged_of(LINE, LINE.network(), plans, both="first second")
    assert same_as_only(judged)
    assert judged.only_adds


def test_two_projects_share_a_portal_on_a_street_of_today() -> None:
    """Both cut AB there: each would do so by itself."""
    plans = known(
        *(
            project(name, roads=[road(name, line_between((6_000, 0), (12_000 * far, 100)))])
            for name, far in (("first", 0), ("second", 1))
        )
    )
    judged = judged_of(LINE, LINE.network(), plans)
    assert same_as_only(judged)
    assert judged.only_adds


def test_a_road_that_ends_right_on_a_planned_road() -> None:
    """It is cut there; nothing else leads from one to the other."""
    main = road("main", line_between((0, 0), (6_000, 3_000), (12_000, 0)))
    branch = road("branch", line_between((6_000, 0), (6_000, 3_000)))
    plans = known(project("main", roads=[main]), project("branch", roads=[branch]))
    judged = judged_of(LINE, LINE.network(), plans)
    assert same_as_only(judged)
    assert judged.only_adds


@pytest.mark.parametrize("requires", [(), ("main",)])
def test_a_connection_to_a_planned_road(requires: tuple[str, ...]) -> None:
    """200 m off the main road the branch has a street to it, onto which the house would come."""
    main = road("main", line_between((0, 0), (6_000, 3_000), (12_000, 0)))
    branch = road("branch", line_between((6_000, 0), (6_000, 2_750)), tunnel=True)
    plans = known(
        project("main", roads=[main]), project("branch", roads=[branch], requires=requires)
    )
    assert judged_of(LINE, LINE.network(), plans).only_adds == bool(requires)


def test_a_portal_where_another_project_cuts_a_third() -> None:
    """Without the main road, the third would not end where the second meets it."""
    main = road("main", line_between((0, 0), (6_000, 3_000), (12_000, 0)))
    second = road("second", line_between((6_000, 0), (6_000, 3_000)))
    third = road("third", line_between((6_000, 3_000), (6_000, 6_000)))
    first = project("main", roads=[main])
    one = project("second", roads=[second])
    for requires, adds in ((("second",), False), (("main",), False), (("main", "second"), True)):
        other = project("third", roads=[third], requires=requires)
        judged = judged_of(LINE, LINE.network(), known(first, one, other))
        assert judged.only_adds == adds


def test_what_replaces_a_street() -> None:
    bridge = road("bridge", LINE.line("AB"), maxspeed=20.0)
    plans = known(project("bridge", roads=[bridge], replaces=("AB",)))
    judged = judged_of(LINE, LINE.network(), plans)
    assert not same_as_only(judged)
    assert not judged.only_adds


def test_what_replaces_a_route() -> None:
    plan = project("new", routes=[route("new", "BA")], replaces=("old",))
    judged = judged_of(LINE, LINE.network(route("old", "AB")), known(plan))
    assert not same_as_only(judged)
    assert not judged.only_adds


@pytest.mark.parametrize(("away", "requires"), [(0, ()), (200, ()), (200, ("first",))])
def test_a_stop_that_two_projects_place(away: int, requires: tuple[str, ...]) -> None:
    """It stays where the first places it; alone the second would have it elsewhere."""
    ends = [LINE.places["A"], LINE.places["B"]]
    plans = known(
        *(
            project(
                name,
                routes=[route(name, ["X", end])],
                stops_at=gpd.GeoSeries({"X": point(metres, 50), end: ends[k]}, crs=CRS),
                requires=needed,
            )
            for k, (name, metres, end, needed) in enumerate(
                [("first", 600, "Y", ()), ("second", 600 + away, "Z", requires)]
            )
        )
    )
    judged = judged_of(LINE, LINE.network(), plans)
    assert same_as_only(judged) == judged.only_adds == (away == 0 or bool(requires))


def test_tunnels_that_join_existing_streets_only_add() -> None:
    here = world(
        """
        A---E   F---B
        |       |   |
        G-------H---I
        """
    )
    plans = known(project("T", roads=[tunnel("T", here.line("EF"))]))
    judged = judged_of(here, here.network(), plans)
    assert same_as_only(judged)
    assert judged.only_adds


def test_places_that_a_project_parts_take_the_longest_trip() -> None:
    """Not for ever: the sums of what is gained and lost stay finite."""
    places = LINE.at("AB")
    wanted = asked(list(places), places)
    parted = np.array([[0.0, np.inf], [700.0, 0.0]])
    secs = np.kron(np.ones((2, 2)), parted)
    found = direct_values(
        secs, wanted, Travel("drive"), reached=np.ones((2, 2), dtype=bool), limit=5_400.0
    )
    times = found.columns["measure"] == "place_secs"
    assert found.table[0, times].tolist() == [-(700 + 5_400) / 2] * times.sum()
