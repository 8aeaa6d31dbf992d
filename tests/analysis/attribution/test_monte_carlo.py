"""Shares under drawn values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from judged_worlds import TRAVELS, Judged, asked
from uncertain_packages import ALL, HERE, PLANS, UNDER, judged_of, uncertain

from analysis.attribution.measures import every_zone, sampled_zones
from analysis.attribution.monte_carlo import Asking, Draws, drawn_shares
from analysis.attribution.shapley.game import Game, game
from analysis.attribution.shapley.values import shapley_values
from analysis.attribution.subset_values import Values, all_values
from analysis.attribution.tables import band_table
from analysis.attribution.tornado import tornado_table
from analysis.attribution.uncertainty import (
    CHANCES,
    Variable,
    drawn_levels,
    variables,
    varied,
)


def test_draws_follow_from_the_seed() -> None:
    """More of them begin with the same ones; levels come as often as their chances say."""
    few, many = drawn_levels(5, 10, 7), drawn_levels(5, 4_000, 7)
    assert (many[:10] == few).all()
    assert (drawn_levels(5, 10, 8) != few).any()
    for column in many.T:
        shares = [(column == level).mean() for level in (-1, 0, 1)]
        assert shares == pytest.approx(CHANCES, abs=0.03)


def asking_of(judged: Judged) -> Asking:
    return Asking(judged.package, judged.question, TRAVELS, UNDER, judged.projects)


def exact_of(asking: Asking, **values: Any) -> tuple[Game, Values]:
    under = values.pop("conditions", asking.conditions)
    package = values.pop("package", asking.package)
    found = all_values(package, asking.question, travels=TRAVELS, conditions=under)
    names = [item.player_id for item in package.players]
    return game(names, found.table, package.required), found


def shares_of(
    asking: Asking, drawn: Sequence[Variable], levels: Sequence[Sequence[int]]
) -> tuple[Draws, np.ndarray]:
    """Drawn shares, and the central ones of everywhere."""
    exact, found = exact_of(asking)
    result = drawn_shares(
        asking, drawn, levels=np.array(levels), exact=exact, columns=found.columns
    )
    whole = (found.columns["area_id"] == "all").to_numpy()
    assert result.columns.equals(found.columns.loc[whole].reset_index(drop=True))
    return result, shapley_values(exact)[:, whole]


def test_without_uncertainty_bands_have_no_width() -> None:
    asking = asking_of(ALL)
    certain = [uncertain("headways", 1.0, 1.0), uncertain("peak_volume", 1.0, 1.0)]
    certain += [uncertain("detour", 1.2, 1.2), uncertain("maxspeed", 1.0, 1.0)]
    drawn = variables(asking.package, PLANS, certain)
    levels = drawn_levels(len(drawn), 5, 1)
    assert len(np.unique(levels)) == 3
    found, central = shares_of(asking, drawn, levels.tolist())
    assert found.shapley == pytest.approx(np.array([central] * 5), rel=1e-12, abs=1e-12)
    table = band_table(found, list(PLANS), central)
    assert (table["high"] - table["low"]).max() <= 1e-12 * table["central"].max()
    assert table["low"].to_numpy() == pytest.approx(table["central"].to_numpy(), rel=1e-12)


@pytest.mark.parametrize("names", [("west", "east"), tuple(PLANS)])
def test_a_draw_is_the_game_with_its_values(names: tuple[str, ...]) -> None:
    """There are fewer zones than stand for all, and who is left out of a mode brings nothing."""
    asking = asking_of(judged_of(*names))
    values = [uncertain("headways"), uncertain("maxspeed"), uncertain("walk_speed_kph", 3, 5)]
    drawn = variables(asking.package, PLANS, values)
    levels = [[1, -1, 0, 1], [0, 1, 1, -1]]
    levels = [row[: len(drawn) - 1] + row[-1:] for row in levels]
    found, _ = shares_of(asking, drawn, levels)
    for k, row in enumerate(levels):
        at = list(zip(drawn, row, strict=True))
        package, under = varied(asking.package, UNDER, at, projects=PLANS)
        wanted, values = exact_of(asking, package=package, conditions=under)
        whole = (values.columns["area_id"] == "all").to_numpy()
        assert found.shapley[k] == pytest.approx(shapley_values(wanted)[:, whole], rel=1e-9)
        assert found.change[k] == pytest.approx(wanted.change[whole], rel=1e-9)
        assert found.shapley[k].sum(axis=0) == pytest.approx(found.change[k], rel=1e-9)


def test_a_draw_does_not_depend_on_what_else_is_asked() -> None:
    asking = asking_of(ALL)
    drawn = variables(asking.package, PLANS, [uncertain("headways"), uncertain("maxspeed")])
    levels = drawn_levels(len(drawn), 4, 3).tolist()
    both, _ = shares_of(asking, drawn, levels)
    last, _ = shares_of(asking, drawn, levels[2:])
    assert (both.shapley[2:] == last.shapley).all()


def test_sampled_zones_that_are_all_are_all() -> None:
    question = ALL.question
    found, wanted = sampled_zones(question, 2), every_zone(question)
    assert found.at.tolist() == wanted.at.tolist() == [0, 1]
    assert found.people.tolist() == wanted.people.tolist() == [1.0, 2.0]


def test_sampled_zones_stand_for_all_people() -> None:
    """8 people by steps of two: those at 1, 3, 5 and 7 live in zones b, c, c and d."""
    places = HERE.at("AC")
    question = asked([*places, *places], places, people=[1.0, 2.0, 4.0, 1.0])
    found = sampled_zones(question, 3)
    assert found.people.sum() == 8
    # at 1 1/3, 4 and 6 2/3 of 8
    assert found.at.tolist() == [1, 2]
    assert found.people.tolist() == pytest.approx([8 / 3, 16 / 3])


def test_the_tornado_of_a_line() -> None:
    """A-C: 10 km on foot; 300 s wait, 300 s ride, 5 km on foot."""
    asking = asking_of(judged_of("west"))
    values = [
        uncertain("detour", 1.1, 1.3),
        uncertain("hop_secs", 0.5, 1.5),
        uncertain("headways", 0.5, 2.0),
        uncertain("walk_speed_kph", 3.0, 4.5),
    ]
    drawn = variables(asking.package, PLANS, values)
    table = tornado_table(asking, drawn)
    own = table.query("measure == 'place_secs' and mode == 'transit'")
    assert own["name"].tolist() == ["walk_speed_kph", "headways", "hop_secs", "detour"]
    assert own["central"].to_numpy() == pytest.approx([5_000 - 600] * 4)
    assert own["low"].to_numpy() == pytest.approx([6_000 - 600, 5_000 - 450, 5_000 - 450, 4_400])
    assert own["high"].to_numpy() == pytest.approx([4_000 - 600, 5_000 - 900, 5_000 - 750, 4_400])
    assert set(table["mode"]) == {"transit", "drive"}
    drive = table.query("mode == 'drive'")
    assert (drive[["central", "low", "high"]] == 0).all(axis=None)


def test_no_uncertain_value_no_tornado() -> None:
    found = tornado_table(asking_of(judged_of("west")), [])
    assert isinstance(found, pd.DataFrame)
    assert found.empty
