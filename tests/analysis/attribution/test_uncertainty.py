"""Assumed values that vary: what changes in a network, and what does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from easy_values import easy
from geopandas.testing import assert_geodataframe_equal
from uncertain_packages import ALL, HEADWAYS, PLANS, UNDER, uncertain

from analysis.attribution.network.package import Package
from analysis.attribution.uncertainty import (
    ASSUMED,
    UNCERTAIN_NAMES,
    Variable,
    is_factor,
    variables,
    varied,
)
from analysis.graph.conditions import Conditions
from layers.roads import streets


def with_levels(*levels: tuple[Variable, int]) -> tuple[Package, Conditions]:
    return varied(ALL.package, UNDER, levels, projects=PLANS)


def routes_of(package: Package) -> dict[str, Any]:
    return {item.route_id: item for item in package.network.routes}


def test_central_levels_change_nothing() -> None:
    found = [
        Variable(uncertain(name, 0.9, 1.1), k)
        for k in range(4)
        for name in ("headways", "maxspeed")
    ]
    found += [Variable(uncertain(name, 0.9, 1.1)) for name in ("peak_volume", *ASSUMED)]
    package, under = with_levels(*((variable, 0) for variable in found))
    before = ALL.package.network
    assert package.network.routes == before.routes
    assert_geodataframe_equal(package.network.roads.drawn, before.roads.drawn)
    assert under.assumptions == UNDER.assumptions
    assert under.volumes.equals(UNDER.volumes)


def test_each_value_is_varied_for_whom_it_is_assumed() -> None:
    """What all have in common once; the road of 1 km/h more and the headways player by player."""
    names = ("headways", "hop_secs", "maxspeed", "peak_volume", "detour")
    found = variables(ALL.package, PLANS, [uncertain(name) for name in names])
    told = [(variable.uncertain.name, variable.player) for variable in found]
    assert told == [
        ("headways", 0),
        ("headways", 1),
        ("hop_secs", 0),
        ("maxspeed", 2),
        ("peak_volume", None),
        ("detour", None),
    ]


@pytest.mark.parametrize(("level", "factor"), [(-1, 0.5), (1, 2.0)])
def test_headways_of_one_player(level: int, factor: float) -> None:
    package, under = with_levels((Variable(uncertain("headways"), 0), level))
    found, before = routes_of(package), routes_of(ALL.package)
    changed = {name: getattr(before["west"], name) * factor for name in HEADWAYS}
    assert found == before | {"west": replace(before["west"], **changed)}
    assert package.network.roads is ALL.package.network.roads or streets(
        package.network.roads
    ).equals(streets(ALL.package.network.roads))
    assert under.assumptions == UNDER.assumptions


def test_only_assumed_headways() -> None:
    """The peak headway of `east` is assumed, the other published."""
    package, _ = with_levels((Variable(uncertain("headways"), 1), 1))
    found, before = routes_of(package)["east"], routes_of(ALL.package)["east"]
    assert found == replace(before, headway_peak_secs=4_800.0)


def test_hops_of_one_player() -> None:
    package, _ = with_levels((Variable(uncertain("hop_secs"), 0), -1))
    found, before = routes_of(package), routes_of(ALL.package)
    assert found == before | {"west": replace(before["west"], hop_secs=(150.0,))}


def test_two_values_of_one_player_and_one_of_another() -> None:
    package, _ = with_levels(
        (Variable(uncertain("headways"), 0), 1),
        (Variable(uncertain("hop_secs"), 0), 1),
        (Variable(uncertain("headways"), 1), -1),
    )
    found = routes_of(package)
    assert (found["west"].headway_peak_secs, found["west"].hop_secs) == (1_200, (600,))
    assert (found["east"].headway_peak_secs, found["east"].hop_secs) == (1_200, (300,))


def test_speeds_of_one_player() -> None:
    """Of its roads alone, and with the time that follows from them; nothing else of a street."""
    package, _ = with_levels((Variable(uncertain("maxspeed"), 2), -1))
    before = streets(ALL.package.network.roads).set_index("osmid")
    found = streets(package.network.roads).set_index("osmid")
    own = before["project_id"] == "north"
    assert own.any()
    assert (found["maxspeed"] == before["maxspeed"].where(~own, before["maxspeed"] / 2)).all()
    derived = ["maxspeed", "speed_kph", "travel_time"]
    assert_geodataframe_equal(found.drop(columns=derived), before.drop(columns=derived))
    assert found.loc[own, "travel_time"].to_numpy() == pytest.approx(
        2 * before.loc[own, "travel_time"].to_numpy()
    )


@pytest.mark.parametrize("level", [-1, 1])
@pytest.mark.parametrize("name", [name for name in UNCERTAIN_NAMES if name in ASSUMED])
def test_an_assumption(name: str, level: int) -> None:
    """A table by class times a factor, a number in its place."""
    package, under = with_levels((Variable(uncertain(name, 0.75, 1.5)), level))
    value = {-1: 0.75, 1: 1.5}[level]
    old = getattr(UNDER.assumptions, name)
    assert isinstance(old, Mapping) == is_factor(name, UNDER.assumptions)
    new = {k: v * value for k, v in old.items()} if isinstance(old, Mapping) else value
    assert under.assumptions == replace(UNDER.assumptions, **{name: new})
    assert package.network.routes == ALL.package.network.routes
    assert under.volumes.equals(UNDER.volumes)


def test_peak_volumes() -> None:
    _, under = with_levels((Variable(uncertain("peak_volume", 0.8, 1.2)), 1))
    assert under.volumes["peak_volume"].tolist() == pytest.approx([2_400.0])
    others = under.volumes.drop(columns="peak_volume")
    assert others.equals(UNDER.volumes.drop(columns="peak_volume"))
    assert under.assumptions == UNDER.assumptions


def test_nothing_is_changed_in_place() -> None:
    package = ALL.package
    drawn = package.network.roads.drawn.copy(deep=True)
    routes, volumes = tuple(package.network.routes), UNDER.volumes.copy(deep=True)
    every = variables(package, PLANS, [uncertain(name, 0.5, 1.5) for name in UNCERTAIN_NAMES])
    varied(package, UNDER, [(variable, 1) for variable in every], projects=PLANS)
    assert_geodataframe_equal(package.network.roads.drawn, drawn)
    assert package.network.routes == routes
    assert UNDER.volumes.equals(volumes)
    assert UNDER.assumptions == easy(detour=1.2, max_direct_walk_m=100.0)


def test_a_part_of_the_package() -> None:
    """Without the first player; the others require each other by their new numbers."""
    whole = replace(ALL.package, required=np.array([0, 0, 0b0010, 0b0110]))
    part = whole.part([1, 2, 3])
    assert [item.player_id for item in part.players] == ["east", "north", "south"]
    assert part.required.tolist() == [0, 0b001, 0b011]
    assert list(routes_of(part)) == ["east"]
    assert set(part.network.roads.drawn["project_id"]) == {"", "north", "south"}
