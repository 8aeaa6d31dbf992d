"""A project that replaces a line of a feed takes all its patterns away."""

from __future__ import annotations

from pathlib import Path

import pytest
from ascii_worlds import world
from coordinates import CRS
from gtfs_feeds import feed, packed
from network_parts import project, route

from layers.files.transit import read_transit
from layers.network import TransportNetwork
from layers.planned.steps import first_services
from layers.scenarios import Plans, Scenario

LINE = feed(
    "A 07:00:00, B 07:02:00, C 07:05:00",
    "A 07:30:00, C 07:34:00",
    "C 08:00:00, B 08:09:00, A 08:18:00",
    directions="001",
)


def network(*paths: Path) -> TransportNetwork:
    stops, routes, _, faults = read_transit(paths, CRS)
    assert [fault for fault in faults if fault.severity == "error"] == []
    return TransportNetwork(world("A---B").network().roads, stops, tuple(routes))


def left(here: TransportNetwork, *replaces: str) -> list[str]:
    """The routes that a plan leaves of a network."""
    plan = project("P", replaces=replaces)
    applied = Plans(here, {"P": plan}, 100).applied(Scenario("s", "s", "s", ("P",)))
    return [r.route_id for r in applied.network.routes]


@pytest.mark.parametrize(
    ("replaces", "remain"),
    [("R", []), ("R:2", ["R", "R:3"]), ("R:3", ["R", "R:2"])],
)
def test_a_line_goes_with_all_its_patterns(
    tmp_path: Path, replaces: str, remain: list[str]
) -> None:
    here = network(packed(tmp_path / "f.zip", LINE))
    assert [r.route_id for r in here.routes] == ["R", "R:2", "R:3"]
    assert {r.feed_route_id for r in here.routes} == {"R"}
    assert left(here, replaces) == remain


def test_two_feeds_with_a_line_of_the_same_id(tmp_path: Path) -> None:
    here = network(packed(tmp_path / "a.zip", LINE), packed(tmp_path / "b.zip", LINE))
    assert len(here.routes) == 6
    assert {r.feed_route_id for r in here.routes} == {"R", "b:R"}
    of_b = [r.route_id for r in here.routes if r.feed_route_id == "b:R"]
    assert left(here, "R") == of_b
    assert left(here, "b:R") == ["R", "R:2", "R:3"]
    assert left(here, "R", "b:R") == []


def test_lines_of_other_files_have_no_feed_id() -> None:
    here = world("A---B").network(route("R", "AB"), route("R:2", "BA"))
    assert left(here, "R") == ["R:2"]
    step = first_services(here).with_project(project("P", replaces=("R:2",)))
    assert [r.route_id for r in step.routes] == ["R"]
