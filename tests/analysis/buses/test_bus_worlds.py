"""Gateways, loops, gaps and closing links of small worlds, known by hand: routes and areas."""

from __future__ import annotations

import pytest
from ascii_worlds import world
from bus_worlds import WEST_EAST, Case, Gap, Link, Loop, check, ladder
from coordinates import point
from network_parts import area_boxes, areas_of, route
from shapely.geometry import LineString

from layers.transit import TransitRoute

LADDER = ladder()
UPPER = "ABCD"
LOWER = "EFGH"
RING = Loop(4, "BC FG")
BY_FG = Link("BC", 3, "FG")
ROAD = world("A---B---C---D")
AROUND = world(
    """
    A---B---C
    |       |
    D-------E
    """
)
THREE = area_boxes(w=(-5, -5, 0.7, 5), e=(0.7, -5, 9, 0.6), s=(0.7, 0.6, 9, 5))
CORE = area_boxes(core=(0.5, -0.5, 1.5, 0.5), ring=(-5, -5, 9, 9))
ENCLAVE = areas_of(
    {
        "core": CORE.areas.geometry.iloc[0],
        "ring": CORE.areas.geometry.iloc[1].difference(CORE.areas.geometry.iloc[0]),
    }
)


def one_way(route_id: str, stops: str) -> TransitRoute:
    return route(route_id, stops, bidirectional=False)


def along(letters: str) -> LineString:
    return LADDER.line(letters)


CASES = [
    Case(
        "across",
        "out and back over BC; the way round by FG is 3 km and closes both",
        LADDER,
        WEST_EAST,
        [route("1", UPPER)],
        {"BC": Gap("open_end", BY_FG), "FG": Gap("unserved", BY_FG)},
    ),
    Case(
        "ring",
        "B-C-G-F-B is 4 km",
        LADDER,
        WEST_EAST,
        [route("1", "BCGFB")],
        {"BC": RING, "FG": RING},
    ),
    Case(
        "ring one way",
        "B-C-G-F-B in one direction",
        LADDER,
        WEST_EAST,
        [one_way("1", "BCGFB")],
        {"BC": RING, "FG": RING},
    ),
    Case(
        "one-way lines against each other",
        "both lead east: only a link from G back to F over FG brings anybody home",
        LADDER,
        WEST_EAST,
        [one_way("1", "FBCG"), one_way("2", "FG")],
        {
            "BC": Gap("open_end", Link("G>F", 1, "FG")),
            "FG": Gap("open_end", Link("G>F", 1, "FG")),
        },
    ),
    Case(
        "one-way lines around",
        "east by BC, west by FG, joined by two-way lines: B-C-G-F-B",
        LADDER,
        WEST_EAST,
        [one_way("1", "BC"), one_way("2", "GF"), route("3", "BF"), route("4", "CG")],
        {"BC": RING, "FG": RING},
    ),
    Case(
        "parallel routes on one road",
        "three lines with other stops are all over BC; the road has no other crossing",
        ROAD,
        WEST_EAST,
        [route("1", UPPER), route("2", "AD"), route("3", "BD")],
        {"BC": Gap("open_end")},
    ),
    Case(
        "express beside a local",
        "A-D and B-C share the gateway; the shortest way round is still 3 km by FG",
        LADDER,
        WEST_EAST,
        [route("1", UPPER), route("2", "AD")],
        {"BC": Gap("open_end", BY_FG), "FG": Gap("unserved", BY_FG)},
    ),
    Case(
        "out and back on one road",
        "a line that turns at D and comes back the same way passes BC twice, and no other",
        LADDER,
        WEST_EAST,
        [one_way("1", "ABCDCBA")],
        {"BC": Gap("open_end", BY_FG), "FG": Gap("unserved", BY_FG)},
    ),
    Case(
        "through a third area",
        "A-B-C-E-D-A: 1 + 1 + 1 + 2 + 1 km",
        AROUND,
        THREE,
        [route("1", "ABC"), route("2", "CEDA")],
        {name: Loop(6, "AB CE DE") for name in ("AB", "CE", "DE")},
    ),
    Case(
        "a link through the third area",
        "from E by D to A, 3 km, closes the way of lines 1 and 2; only E ends within 1.6 km of DE",
        AROUND,
        THREE,
        [route("1", "ABC"), route("2", "CE")],
        {
            "AB": Gap("open_end", Link("AE", 3, "DE")),
            "CE": Gap("open_end", Link("AE", 3, "DE")),
            "DE": Gap("one_sided", Link("AE", 3, "DE")),
        },
    ),
    Case(
        "an enclave",
        "lines lead out of the core both ways; D and E, both in the ring, lack 2 km",
        AROUND,
        ENCLAVE,
        [route("1", "ABC"), route("2", "AD"), route("3", "CE")],
        {"AB": Gap("open_end", Link("DE", 2)), "BC": Gap("open_end", Link("DE", 2))},
    ),
    Case(
        "an enclave on a loop",
        "the same with a line from D to E: 6 km",
        AROUND,
        ENCLAVE,
        [route("1", "ABC"), route("2", "ADEC")],
        {"AB": Loop(6, "AB BC"), "BC": Loop(6, "AB BC")},
    ),
    Case(
        "metros only",
        "the ring is served by metros, and no bus stops anywhere",
        LADDER,
        WEST_EAST,
        [route("1", "BCGFB", route_type=1)],
        {"BC": Gap("unserved"), "FG": Gap("unserved")},
    ),
    Case(
        "express buses",
        "GTFS type 702 is a bus: the ring counts",
        LADDER,
        WEST_EAST,
        [route("1", "BCGFB", route_type=702)],
        {"BC": RING, "FG": RING},
    ),
    Case(
        "trolleybuses",
        "GTFS types 11 and 800 are trolleybuses: the ring counts",
        LADDER,
        WEST_EAST,
        [route("1", "BCGFB", route_type=11), route("2", "BCGFB", route_type=800)],
        {"BC": RING, "FG": RING},
    ),
    Case(
        "on demand",
        "GTFS type 715 runs on demand only: no line to count on",
        LADDER,
        WEST_EAST,
        [route("1", "BCGFB", route_type=715)],
        {"BC": Gap("unserved"), "FG": Gap("unserved")},
    ),
    Case(
        "too long",
        "no loop over both roads is shorter than 4 km, whatever the link",
        LADDER,
        WEST_EAST,
        [route("1", "BCGFB")],
        {"BC": Gap("open_end"), "FG": Gap("open_end")},
        {"max_loop_km": 3.9},
    ),
    Case(
        "just long enough for a link",
        "1 km there and 3 km back by the link",
        LADDER,
        WEST_EAST,
        [route("1", UPPER)],
        {"BC": Gap("open_end", BY_FG), "FG": Gap("unserved", BY_FG)},
        {"max_loop_km": 4.01},
    ),
    Case(
        "the link passes the gateway",
        "lines F-B, F-G and G-C leave 1 km over BC; all four ends are near it",
        LADDER,
        WEST_EAST,
        [route("1", LOWER), route("2", "BF"), route("3", "CG")],
        {"BC": Gap("facing_ends", Link("BC", 1, "BC")), "FG": Gap("open_end", Link("BC", 1, "BC"))},
    ),
    Case(
        "the link stays inside one area",
        "C and G, both in the east, lack 1 km",
        LADDER,
        WEST_EAST,
        [route("1", UPPER), route("2", LOWER), route("3", "BF")],
        {"BC": Gap("open_end", Link("CG", 1)), "FG": Gap("open_end", Link("CG", 1))},
    ),
    Case(
        "no bus leads back",
        "lines on either side and none across: one link makes no loop",
        LADDER,
        WEST_EAST,
        [route("1", "AB"), route("2", "CD")],
        {"BC": Gap("facing_ends"), "FG": Gap("facing_ends")},
    ),
    Case(
        "buses on one side only",
        "F is 0.5 km from FG and 1.5 from BC",
        LADDER,
        WEST_EAST,
        [route("1", "EF")],
        {"BC": Gap("one_sided"), "FG": Gap("one_sided")},
    ),
    Case(
        "drawn along the other road",
        "A-B-F-G-C-D is drawn: FG is served, BC is not; A and D lack 3 km, and lie 1.5 from BC",
        LADDER,
        WEST_EAST,
        [route("1", "AD", shape=along("ABFGCD"))],
        {
            "BC": Gap("facing_ends", Link("AD", 3, "BC")),
            "FG": Gap("open_end", Link("AD", 3, "BC")),
        },
    ),
    Case(
        "two lines drawn by two roads",
        "both from A to D, 3 km by BC and 5 by FG",
        LADDER,
        WEST_EAST,
        [route("1", "AD"), route("2", "AD", shape=along("ABFGCD"))],
        {"BC": Loop(8, "BC FG"), "FG": Loop(8, "BC FG")},
    ),
    Case(
        "drawn where no road crosses",
        "the course crosses 500 m south of FG: not believed, the road by BC counts",
        LADDER,
        WEST_EAST,
        [route("1", "AD", shape=LineString([point(0, 0), point(1_500, 1_500), point(3_000, 0)]))],
        {
            "BC": Gap("open_end", Link("AD", 5, "FG")),
            "FG": Gap("unserved", Link("AD", 5, "FG")),
        },
    ),
    Case(
        "drawn along another line",
        "the shape by FG passes 1 km south of B and C: the road by BC counts",
        LADDER,
        WEST_EAST,
        [route("1", "ABCD", shape=along("EFGH"))],
        {
            "BC": Gap("open_end", Link("BC", 3, "FG")),
            "FG": Gap("unserved", Link("BC", 3, "FG")),
        },
    ),
    Case(
        "over and back between two stops",
        "from A over BC and FG to E, 5 km without a stop: both are served, neither in a loop of 4",
        LADDER,
        WEST_EAST,
        [route("1", "AE", shape=along("ABCGFE"))],
        {"BC": Gap("open_end"), "FG": Gap("open_end")},
        {"max_loop_km": 4.0},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_known_by_hand_is_found(case: Case) -> None:
    check(case)
