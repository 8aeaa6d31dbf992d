"""Gateways, loops, gaps and closing links of small worlds, known by hand: roads and borders."""

from __future__ import annotations

import pytest
from ascii_worlds import world
from bus_answers import ask
from bus_worlds import WEST_EAST, Case, Gap, Link, Loop, check, ladder
from coordinates import point
from network_parts import area_boxes, areas_of, route

LADDER = ladder()
RING = Loop(4, "BC FG")
BY_FG = Link("BC", 3, "FG")
AT_B = area_boxes(w=(-5, -5, 1, 9), e=(1, -5, 9, 9))
MIDDLE = point(1_500, 500).buffer(200)
IN_TWO_PIECES = areas_of(
    {
        "w": WEST_EAST.areas.geometry.iloc[0].difference(MIDDLE),
        "e": WEST_EAST.areas.geometry.iloc[1].difference(MIDDLE),
        "m": MIDDLE,
    }
)
DETOUR = world(
    """
        P---Q
        |   |
        |   |
        |   |
        |   |
        |   |
        |   |
        |   |
    A---B---C---D
    |           |
    E-----------H
    """
)
FAR_AND_NEAR = [route("1", "BPQC"), route("2", "AEHD")]
BOTH_SIDES = world(
    """
    A---s-t-----D
    |           |
    E-----------H
    """
)
AT_1200 = area_boxes(w=(-5, -5, 1.2, 9), e=(1.2, -5, 9, 9))

CASES = [
    Case(
        "a route that touches the border",
        "from A to C by D, where DE leaves into the east: in and straight out again",
        world(
            """
            A---B
                |
            C---D---E
            """
        ),
        AT_B,
        [route("1", "AC")],
        {"BD": Gap("one_sided")},
    ),
    Case(
        "a route along the border",
        "B and C lie on the border, no street of theirs leaves the west; D is 2 km from F",
        world(
            """
            A---B
                |
            D---C
            |
            E---F---G
            """
        ),
        AT_B,
        [route("1", "ABCD")],
        {"EF": Gap("unserved")},
    ),
    Case(
        "a stop on the border",
        "one of the two lines that meet at B crosses there, whichever",
        world("A---B---C"),
        AT_B,
        [route("1", "AB"), route("2", "BC")],
        {"AB": Gap("open_end")},
    ),
    Case(
        "a bridge",
        "a bus crosses it on its ring like any road",
        ladder(streets={"BC": {"bridge": True}}),
        WEST_EAST,
        [route("1", "BCGFB")],
        {"BC": RING, "FG": RING},
    ),
    Case(
        "a tunnel",
        "the link from F to G goes through it: 1 + 1 + 1 km; E and H end too far from both",
        world(
            """
            A---B...C---D
                |   |
            E---F---G---H
            """
        ),
        WEST_EAST,
        [route("1", "EFGH")],
        {
            "BC": Gap("unserved", Link("FG", 3, "BC")),
            "FG": Gap("open_end", Link("FG", 3, "BC")),
        },
    ),
    Case(
        "a motorway without stops",
        "3 km from A to D, and 5 back by G and F",
        ladder(streets={"BC": {"highway": "motorway"}}),
        WEST_EAST,
        [route("1", "AD"), route("2", "DCGFBA")],
        {"BC": Loop(8, "BC FG"), "FG": Loop(8, "BC FG")},
    ),
    Case(
        "a stop beside a motorway",
        "s lies 50 m west of the border, but buses stop at B only: FG stays the only way back",
        world(
            """
            A---B-s-C---D
                |   |
            E---F---G---H
            """,
            streets={"BC": {"highway": "motorway"}},
        ),
        area_boxes(w=(-5, -5, 1.55, 9), e=(1.55, -5, 9, 9)),
        [route("1", "ABCD")],
        {"BC": Gap("open_end", BY_FG), "FG": Gap("unserved", BY_FG)},
    ),
    Case(
        "a border in two pieces",
        "BC and FG are far apart along the border, for area m lies between: never one gateway",
        LADDER,
        IN_TWO_PIECES,
        [route("1", "BCGFB")],
        {"BC": RING, "FG": RING},
        {"gateway_spacing_m": 5_000.0},
    ),
    Case(
        "crossings near each other",
        "200 m apart: BC and FG are one gateway, and its ring passes no other",
        ladder(scale_m=200),
        area_boxes(w=(-5, -5, 0.3, 5), e=(0.3, -5, 9, 5)),
        [route("1", "BCGFB")],
        {"BC": Gap("open_end")},
    ),
    Case(
        "crossings a little farther",
        "320 m apart: two gateways, a ring of 1.28 km",
        ladder(scale_m=320),
        area_boxes(w=(-5, -5, 0.48, 5), e=(0.48, -5, 9, 5)),
        [route("1", "BCGFB")],
        {"BC": Loop(1.28, "BC FG"), "FG": Loop(1.28, "BC FG")},
    ),
    Case(
        "a road that buses may not use",
        "without FG there is one gateway and no other way",
        ladder(streets={"FG": {"bus": False}}),
        WEST_EAST,
        [route("1", "ABCD")],
        {"BC": Gap("open_end")},
    ),
    Case(
        "the nearer link makes too long a loop",
        "B-C is 1 km but its bus leads round by PQ, 10 km in all; A-D is 3 km, 8 with line 2",
        DETOUR,
        WEST_EAST,
        FAR_AND_NEAR,
        {
            "BC": Gap("facing_ends", Link("AD", 3, "BC")),
            "EH": Gap("open_end", Link("AD", 3, "BC")),
            "PQ": Gap("open_end"),
        },
        {"max_loop_km": 9.5},
    ),
    Case(
        "the nearer link where the loop may be longer",
        "the same with 10.1 km: B-C closes BC and PQ, and A-D is still what EH needs",
        DETOUR,
        WEST_EAST,
        FAR_AND_NEAR,
        {
            "BC": Gap("facing_ends", Link("BC", 1, "BC")),
            "EH": Gap("open_end", Link("AD", 3, "BC")),
            "PQ": Gap("open_end", Link("BC", 1, "BC")),
        },
        {"max_loop_km": 10.1},
    ),
    Case(
        "a link over a one-way road that leads home",
        "the bus only goes from B to C, FG only from G to F",
        ladder(also={"GF": {"oneway": True}}, streets={"FG": {"bus": False}}),
        WEST_EAST,
        [route("1", "ABCD", bidirectional=False)],
        {"BC": Gap("open_end", Link("C>B", 3, "GF")), "GF": Gap("unserved", Link("C>B", 3, "GF"))},
    ),
    Case(
        "a one-way road that leads away",
        "the bus and FG both go east only; over FG and home by BC again were 5 + 1 km",
        ladder(streets={"FG": {"oneway": True}}),
        WEST_EAST,
        [route("1", "ABCD", bidirectional=False)],
        {"BC": Gap("open_end"), "FG": Gap("unserved")},
        {"max_loop_km": 5.9},
    ),
    Case(
        "a link there and back",
        "the same with 6.1 km: from C by BC, FG and BC to B, where the bus leads to C",
        ladder(streets={"FG": {"oneway": True}}),
        WEST_EAST,
        [route("1", "ABCD", bidirectional=False)],
        {"BC": Gap("open_end"), "FG": Gap("unserved", Link("C>B", 5, "BC FG BC"))},
        {"max_loop_km": 6.1},
    ),
    Case(
        "a stop area on both sides",
        "who changes from s to t on foot crosses by no gateway; a link from t to A crosses AD",
        BOTH_SIDES,
        AT_1200,
        [route("1", "As"), route("2", "tD"), route("3", "AEHD")],
        {
            "AD": Gap("facing_ends", Link("As", 1.5, "AD")),
            "EH": Gap("open_end", Link("As", 1.5, "AD")),
        },
        {"stop_area_walk_m": 600.0},
    ),
    Case(
        "a stop area on both sides, buses one way",
        "they run from D by H and E to A, 5 km; home is 1.5 from A to t and 1.5 to D, 8 in all",
        BOTH_SIDES,
        AT_1200,
        [route("1", "As"), route("2", "tD"), route("3", "DHEA", bidirectional=False)],
        {
            "AD": Gap("facing_ends", Link("A>s", 1.5, "AD")),
            "EH": Gap("open_end", Link("A>s", 1.5, "AD")),
        },
        {"stop_area_walk_m": 600.0, "max_loop_km": 8.1},
    ),
    Case(
        "two lines that meet on foot",
        "at s and t, 500 m apart in the east: A-D is crossed at 0.5 km, E-H too",
        BOTH_SIDES,
        area_boxes(w=(-5, -5, 0.5, 9), e=(0.5, -5, 9, 9)),
        [route("1", "As"), route("2", "tDHEA")],
        {"AD": Loop(7.5, "AD EH"), "EH": Loop(7.5, "AD EH")},
        {"stop_area_walk_m": 600.0},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_known_by_hand_is_found(case: Case) -> None:
    check(case)


def test_a_stop_on_the_border_is_crossed_once() -> None:
    """By line 1 or by line 2, in one hop."""
    here = world("A---B---C")
    found = ask(here.network(route("1", "AB"), route("2", "BC")), AT_B)
    assert found.gateways["hops"].tolist() == [1]
