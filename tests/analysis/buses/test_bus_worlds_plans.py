"""Small worlds known by hand: stations to feed, and tunnels of a scenario."""

from __future__ import annotations

import pytest
import shapely
from ascii_worlds import world
from bus_answers import ask, states
from bus_worlds import WEST_EAST, Link, ladder, link_found
from network_parts import area_boxes, project, route, tunnel

from analysis.buses.links.closing_link import feeding_link
from geo.areas import area_of
from layers.scenarios import Scenario, apply_scenario

LADDER = ladder()
# A station at x in the east, 1 km from G; F is the nearest stop in the west, 2 km away.
WITH_STATION = world(
    """
    A---B---C---D
        |   |
    E---F---G---x---H
    """
)


@pytest.mark.parametrize(
    ("stops_of_1", "link"),
    [
        ("EF", Link("xF", 2, "FG")),
        ("AB", Link("xB", 3, "FG")),
        ("CG", None),
        ("BAE", Link("xB", 3, "FG")),
    ],
)
def test_the_link_that_feeds_a_station(stops_of_1: str, link: Link | None) -> None:
    """To the nearest stop across the border, by road; stops on its own side are none."""
    metro = route("7", "Hx", line="7", route_type=1)
    network = WITH_STATION.network(metro, route("1", stops_of_1))
    found = ask(network, WEST_EAST, ["7"], bus_catchment_m=500.0)
    gaps = found.gaps.set_index("stop_id")
    assert gaps.loc["x", "kind"] == "unfed_station"
    areas = area_of(WEST_EAST, found.bus.question.points)
    feeding = feeding_link(found.bus, "x", sides=("e", "w"), areas=areas, max_km=40.0)
    assert (feeding is None) == (link is None)
    if feeding and link:
        assert f"x{found.bus.areas.index[feeding.end]}" == link.ends
        assert feeding.way.length_m / 1000 == pytest.approx(link.km, abs=1e-5)
        assert feeding.gateways == tuple(f"e|w:{name}" for name in link.over.split())


def test_a_tunnel_of_a_scenario_is_a_new_gateway() -> None:
    """FG alone is on no loop and nothing can close it; with the tunnel a link of 1 km does."""
    before = ladder(streets={"BC": {"bus": False}})
    network = before.network(route("1", "EFGH"), route("2", "BF"), route("3", "CG"))
    plan = project("T", roads=[tunnel("T", before.line("BC"))])
    after = apply_scenario(
        network, Scenario("", "", "", ("T",)), projects={"T": plan}, portal_snap_m=300
    ).network
    was, now = ask(network, WEST_EAST), ask(after, WEST_EAST)
    assert states(was) == {"FG": "open"}
    assert states(now) == {"FG": "open", "T": "unserved"}
    link_found(was, "e|w:FG", None, 40)
    for gateway in ("FG", "T"):
        link_found(now, f"e|w:{gateway}", Link("BC", 1, "T"), 40)


def test_a_bus_through_the_new_tunnel_closes_both() -> None:
    """The same with line 4 from B to C in it: B-C-G-F, 4 km."""
    before = ladder(streets={"BC": {"bus": False}})
    network = before.network(route("1", "EFGH"), route("2", "BF"), route("3", "CG"))
    plan = project(
        "T", roads=[tunnel("T", before.line("BC"))], routes=[route("4", "BC", project_id="T")]
    )
    after = apply_scenario(
        network, Scenario("", "", "", ("T",)), projects={"T": plan}, portal_snap_m=300
    ).network
    found = ask(after, WEST_EAST)
    assert states(found) == {"FG": "closed", "T": "closed"}
    assert found.loops["length_km"].tolist() == pytest.approx([4, 4])


def test_areas_that_share_no_border_have_no_gateway() -> None:
    """A strip of 100 m between them belongs to nobody: the road leaves one and enters the other."""
    apart = area_boxes(w=(-5, -5, 1.4, 9), e=(1.5, -5, 9, 9))
    assert not shapely.intersects(*apart.areas.geometry)
    found = ask(LADDER.network(route("1", "ABCD")), apart)
    assert found.gateways.empty
