"""What each project of a package changes, alone and as the last one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
from ascii_worlds import World, world
from coordinates import point
from easy_values import conditions
from network_parts import project, road, route, tunnel
from shapely.geometry import LineString

from analysis.project_effects import EFFECT_COLUMNS, ProjectSet, changes_nothing, project_effects
from layers.projects import Project


def two_tunnels() -> tuple[World, dict[str, Project]]:
    """Two tunnels between the same valleys, the second slower; a road that leads nowhere."""
    here = world(
        """
        A---B   C---D
            |   |
            E   F
            |   |
            G---H
        """
    )
    fast = project("fast", roads=[tunnel("fast", here.line("BC"), maxspeed=72.0)])
    slow = project("slow", roads=[tunnel("slow", here.line("EF"))])
    spur = project("spur", roads=[road("spur", LineString([here.places["A"], point(0, 900)]))])
    return here, {item.project_id: item for item in (fast, slow, spur)}


def effects_of(here: World, projects: Mapping[str, Project], letters: str) -> pd.DataFrame:
    """By project, comparison and mode."""
    found = project_effects(
        here.network(),
        here.at(letters),
        conditions=conditions(),
        package=ProjectSet(projects, list(projects)),
    )
    assert tuple(found.columns) == EFFECT_COLUMNS
    return found.set_index(["project_id", "comparison", "mode"])


def test_effects_alone_and_last() -> None:
    """A-D: today 7 km in 1400 s, by the slow tunnel 5 km in 1000 s, by the fast one 500 s.

    With both, nobody takes the slow one. (The fast one: 2 km at 5 m/s and 1 km at 10 m/s.)
    """
    here, projects = two_tunnels()
    found = effects_of(here, projects, "AD")
    drive = found.xs("drive", level="mode")
    assert drive.loc[("fast", "alone"), "mean_change_secs"] == pytest.approx(500 - 1_400)
    assert drive.loc[("slow", "alone"), "mean_change_secs"] == pytest.approx(1_000 - 1_400)
    assert drive.loc[("fast", "last"), "mean_change_secs"] == pytest.approx(500 - 1_000)
    assert drive.loc[("slow", "last"), "mean_change_secs"] == 0
    assert drive.loc[("fast", "alone"), "largest_gain_secs"] == pytest.approx(900)
    ends = {drive.loc[("fast", "alone"), f"largest_gain_{end}"] for end in ("from", "to")}
    assert ends == {"A", "D"}
    assert drive["pairs"].tolist() == [2] * 6
    assert drive["pairs_quicker"].tolist() == [2, 2, 2, 0, 0, 0]
    assert drive["pairs_slower"].tolist() == [0] * 6
    assert changes_nothing(found.reset_index()) == ["slow", "spur"]


def test_effects_of_required_projects() -> None:
    """`q` ends in a field where `p` starts: alone it comes with p; without p there is no q."""
    here = world("A---B       C---D")
    field = point(2_000, 1_000)
    p = project("p", roads=[road("p", LineString([here.places["B"], field]))])
    line = LineString([field, here.places["C"]])
    q = project("q", roads=[road("q", line)], requires=("p",))
    found = effects_of(here, {"p": p, "q": q}, "AD").xs("drive", level="mode")
    assert found["pairs_opened"].to_dict() == {
        ("p", "alone"): 0,
        ("p", "last"): 2,
        ("q", "alone"): 2,
        ("q", "last"): 2,
    }
    assert found["pairs"].tolist() == [0] * 4
    assert found["largest_gain_from"].isna().all()


def test_a_line_changes_trips_by_transit_only() -> None:
    """A-B on foot 1000 s; by bus 30 + 60 s."""
    here = world("A---B")
    bus = project("bus", routes=[route("bus", "AB", 60, headway_secs=60)], stops_at=here.at("AB"))
    found = effects_of(here, {"bus": bus}, "AB")
    assert found["mean_change_secs"].to_dict() == pytest.approx(
        {
            ("bus", "alone", "drive"): 0,
            ("bus", "alone", "transit"): 90 - 1_000,
            ("bus", "last", "drive"): 0,
            ("bus", "last", "transit"): 90 - 1_000,
        }
    )
    assert changes_nothing(found.reset_index()) == []


def test_a_tick_for_every_project() -> None:
    here, projects = two_tunnels()
    ticks: list[int] = []
    project_effects(
        here.network(),
        here.at("AD"),
        conditions=conditions(),
        package=ProjectSet(projects, list(projects)),
        tick=lambda: ticks.append(1),
    )
    assert len(ticks) == len(projects)
