"""Cross-border bus loops on small worlds whose answers are known by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import World, area_boxes, easy, examples, route, world

from analysis.bus_question import BusAnswer, bus_answer
from geo.areas import StudyArea
from layers.transit import TransitRoute

NEAR = easy(
    snap_limit_m=1_000.0,
    gateway_spacing_m=300.0,
    stop_area_walk_m=100.0,
    max_loop_km=40.0,
    facing_ends_m=1_100.0,
    unfed_station_m=3_000.0,
    bus_catchment_m=500.0,
)


def answer(
    here: World,
    areas: StudyArea,
    *routes: TransitRoute,
    spines: tuple[str, ...] = (),
    **values: float,
) -> BusAnswer:
    assumed = easy(**{**NEAR.__dict__, "sources": {}, **values})
    return bus_answer(here.network(*routes), areas, spines=spines, assumptions=assumed)


def states(found: BusAnswer) -> dict[str, str]:
    """State by the road that crosses."""
    ids = found.gateways["gateway_id"].str.split(":", n=1).str[1]
    return dict(zip(ids, found.gateways["state"], strict=True))


def kinds(found: BusAnswer) -> dict[str, str]:
    gaps = found.gaps.dropna(subset=["gateway_id"])
    return dict(zip(gaps["gateway_id"].str.split(":", n=1).str[1], gaps["kind"], strict=True))


def ladder() -> World:
    """West and east of a border at 1.5 km, with two roads across."""
    return world(
        """
        A---B---C---D
            |   |
        E---F---G---H
        """
    )


WEST_EAST = area_boxes(west=(-5, -5, 1.5, 5), east=(1.5, -5, 8, 5))


def test_a_road_without_buses_is_unserved() -> None:
    found = answer(ladder(), WEST_EAST)
    assert states(found) == {"BC": "unserved", "FG": "unserved"}
    assert found.loops.empty
    assert set(kinds(found).values()) == {"unserved"}


def test_one_route_across_is_open_and_two_crossings_close_each_other() -> None:
    here = ladder()
    one = route("R1", "ABCD")
    assert states(answer(here, WEST_EAST, one)) == {"BC": "open", "FG": "unserved"}
    two = (one, route("R2", "EFGH"), route("R3", "BF"), route("R4", "CG"))
    found = answer(here, WEST_EAST, *two)
    assert states(found) == {"BC": "closed", "FG": "closed"}
    loop = found.loops.iloc[0]
    assert loop["length_km"] == pytest.approx(4.0)
    assert set(loop["gateways"]) == {"east|west:BC", "east|west:FG"}
    assert loop["transfers"] == 3
    # four hops of a minute and half of 600 s for each of four boardings
    assert loop["minutes"] == pytest.approx(4 + 4 * 5)


def test_two_routes_on_one_road_are_no_loop() -> None:
    routes = (route("R1", "ABCD"), route("R2", "BC"))
    assert states(answer(ladder(), WEST_EAST, *routes))["BC"] == "open"


def test_a_loop_longer_than_allowed_does_not_count() -> None:
    routes = (route("R1", "ABCD"), route("R2", "EFGH"), route("R3", "BF"), route("R4", "CG"))
    found = answer(ladder(), WEST_EAST, *routes, max_loop_km=3.9)
    assert set(states(found).values()) == {"open"}


def test_a_road_that_touches_the_border_and_one_that_runs_along_it_do_not_cross() -> None:
    touching = area_boxes(west=(-5, -5, 1, 5), east=(1, -5, 8, 5))
    here = world(
        """
        A---B
            |
        E---F
        """
    )
    assert answer(here, touching, route("R", "ABFE")).gateways.empty


@pytest.mark.parametrize("order", [("west", "east"), ("east", "west")])
def test_a_road_along_the_border_that_then_leaves_crosses_once(order: tuple[str, str]) -> None:
    boxes = {"west": (-5, -5, 1, 5), "east": (1, -5, 8, 5)}
    along = area_boxes(**{name: boxes[name] for name in order})
    here = world(
        """
        A---B
            |
            F---G
        """
    )
    found = answer(here, along, route("R", "ABFG"))
    assert list(states(found).values()) == ["open"]


def test_a_node_on_the_border_is_crossed_once() -> None:
    here = world("A---B---C")
    there = area_boxes(west=(-5, -5, 1, 5), east=(1, -5, 8, 5))
    assert list(states(answer(here, there, route("R", "AC"))).values()) == ["open"]
    # a stop on the border belongs to one side: one of the two halves crosses, not both
    halves = [states(answer(here, there, route("R", half))).popitem()[1] for half in ("AB", "BC")]
    assert sorted(halves) == ["open", "unserved"]


def test_crossings_near_each_other_are_one_gateway() -> None:
    here = world(
        """
        A---B---C---D
            |   |
        E---F---G---H
        """,
        scale_m=250,
    )
    close = area_boxes(west=(-5, -5, 0.375, 5), east=(0.375, -5, 8, 5))
    assert len(answer(here, close).gateways) == 1
    assert len(answer(here, close, gateway_spacing_m=200.0).gateways) == 2


def test_a_loop_may_lead_through_a_third_area() -> None:
    here = ladder()
    three = area_boxes(west=(-5, -5, 1.5, 5), north=(1.5, -5, 8, 0.5), south=(1.5, 0.5, 8, 5))
    routes = (route("R1", "BCG"), route("R2", "GFB"))
    found = answer(here, three, *routes)
    assert set(states(found).values()) == {"closed"}
    assert len(found.loops.iloc[0]["gateways"]) == 3


def test_a_stop_area_astride_the_border_makes_no_loop() -> None:
    """Two stops 60 m apart on either side: changing there is no crossing by bus."""
    here = world("A---B-sxt-C---D", scale_m=400)
    border = area_boxes(west=(-5, -5, 0.85, 5), east=(0.85, -5, 8, 5))
    routes = (route("R1", ["A", "s"]), route("R2", ["t", "D"]), route("R3", ["A", "t"]))
    found = answer(here, border, *routes, stop_area_walk_m=250.0)
    assert "closed" not in states(found).values()


@pytest.mark.parametrize(
    ("routes", "kind"),
    [
        ([("W", "AB"), ("E", "DC")], "facing_ends"),
        ([("W", "AB")], "one_sided"),
        ([], "unserved"),
        ([("R", "ABCD")], "open_end"),
    ],
)
def test_gaps_are_told_apart_by_the_routes_that_end_near_them(
    routes: list[tuple[str, str]], kind: str
) -> None:
    here = world("A---B---C---D")
    found = answer(here, WEST_EAST, *(route(name, called) for name, called in routes))
    assert kinds(found) == {"BC": kind}


def test_a_spine_station_near_a_border_needs_a_bus_across_it() -> None:
    here = ladder()
    metro = route("M", "EF", line="7", route_type=1)
    hungry = answer(here, WEST_EAST, metro, spines=("7",)).gaps
    unfed = hungry.loc[hungry["kind"] == "unfed_station"]
    assert set(unfed["stop_id"]) == {"E", "F"}
    local = answer(here, WEST_EAST, metro, route("L", "AF"), spines=("7",)).gaps
    assert set(local.loc[local["kind"] == "unfed_station", "stop_id"]) == {"E", "F"}
    across = answer(here, WEST_EAST, metro, route("X", "FG"), spines=("7",)).gaps
    assert set(across.loc[across["kind"] == "unfed_station", "stop_id"]) == {"E"}


def test_a_one_way_loop_is_a_loop() -> None:
    round_trip = route("R", "BCGFB", bidirectional=False)
    found = answer(ladder(), WEST_EAST, round_trip)
    assert states(found) == {"BC": "closed", "FG": "closed"}
    two_one_way = (route("R1", "BC", bidirectional=False), route("R2", "FG", bidirectional=False))
    sides = (route("R3", "BF"), route("R4", "CG"))
    assert set(states(answer(ladder(), WEST_EAST, *two_one_way, *sides)).values()) == {"open"}


def test_a_gateway_on_a_bridge_counts_and_a_motorway_without_buses_does_not() -> None:
    here = world("A---B---C---D", streets={"BC": {"bridge": True}})
    assert states(answer(here, WEST_EAST)) == {"BC": "unserved"}
    closed = world("A---B---C---D", streets={"BC": {"highway": "motorway", "bus": False}})
    assert answer(closed, WEST_EAST).gateways.empty


NAMES = st.lists(st.sampled_from("ABCDEFGH"), min_size=2, max_size=4, unique=True)


@examples(40)
@given(st.lists(NAMES, min_size=0, max_size=4), NAMES, st.randoms(use_true_random=False))
def test_adding_a_route_never_opens_a_gateway_and_order_does_not_matter(
    called: list[list[str]], extra: list[str], random: object
) -> None:
    here = ladder()
    routes = [route(f"R{n}", stops) for n, stops in enumerate(called)]
    before = states(answer(here, WEST_EAST, *routes))
    after = states(answer(here, WEST_EAST, *routes, route("new", extra)))
    assert all(after[name] == "closed" for name, state in before.items() if state == "closed")
    shuffled = list(routes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    turned = area_boxes(east=(1.5, -5, 8, 5), west=(-5, -5, 1.5, 5))
    assert states(answer(here, turned, *shuffled)) == before
