"""From the attribution's tables to those that the charts draw."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from analysis.attribution.network.players import Player
from analysis.change import EVERYWHERE
from scicity.figures.attribution import (
    attribution_charts,
    change_ends,
    order_rows,
    pair_names,
    step_table,
    tornado_rows,
)
from scicity.figures.phasing import opening_table
from scicity.results.attribution import Attribution, no_certainty
from scicity.settings.sections import UncertainSettings

BRINGS = {"idle": 0.0, "small": 40.0, "large": 900.0, "loss": -3.0}
ABOUT = {"measure": "people_2700", "mode": "transit", "period": "peak"}
OTHERS = {"measure": "people_900", "mode": "transit", "period": "peak"}


@pytest.fixture
def study() -> Any:
    """What the tables are made of: cutoffs, assumptions, what is uncertain, a project."""
    uncertain = {
        "detour": UncertainSettings(1.2, 1.4, ""),
        "walk_speed_kph": UncertainSettings(4.0, 4.8, ""),
        "headways": UncertainSettings(0.5, 2.0, ""),
    }
    settings = SimpleNamespace(
        study=SimpleNamespace(accessibility_cutoffs_secs=(900, 2700, 3600)),
        assumptions=SimpleNamespace(detour=1.3, walk_speed_kph=4.5),
        uncertain=uncertain,
    )
    projects = {p: SimpleNamespace(name_zh="一线(西段)", name_en="Line 1") for p in "ab"}
    return SimpleNamespace(settings=settings, projects=projects)


def attribution(*, drawn: bool) -> Attribution:
    """Of four players, with rows of other measures, modes and areas between."""
    players = tuple(Player(name, f"{name}线(西)", name.title(), (name,)) for name in BRINGS)
    shares = [
        {**about, "area_id": area, "player_id": name, "shapley": value, "share": value / 937}
        | {"first_in": value, "last_in": value, "shapley_error": 0.0}
        for name, value in BRINGS.items()
        for about in (ABOUT, OTHERS, {**ABOUT, "mode": "drive"})
        for area in ("core", EVERYWHERE)
    ]
    bands = [
        {**ABOUT, "player_id": name, "central": v, "low": v - 1, "high": v + 9, "top_three": 1.0}
        for name, v in BRINGS.items()
        if name != "idle"
    ]
    bands.append({**ABOUT, "player_id": "idle", "central": 0, "low": 0, "high": 0, "top_three": 0})
    certainty = [
        {**ABOUT, "first": "large", "second": "small", "holds": 1.0, "robust": True},
        {**ABOUT, "first": "small", "second": "loss", "holds": 0.6, "robust": False},
    ]
    tornado = [
        {**ABOUT, "name": name, "central": 937.0, "low": 900.0, "high": 950.0}
        for name in ("detour", "walk_speed_kph", "headways", "unheard_of")
    ]
    changes = [{**ABOUT, "area_id": EVERYWHERE, "baseline": 5e3, "scenario": 5937.0, "gain": 937}]
    orders = [{**ABOUT, "order": "greedy", "year": 1, "player_id": "large", "gain": 900.0}]
    sure = {"bands": bands, "certainty": certainty, "tornado": tornado}
    tables = {name: pd.DataFrame(rows) for name, rows in sure.items()} if drawn else no_certainty()
    return Attribution(
        players,
        exact=True,
        draws=9 if drawn else 0,
        changes=pd.DataFrame(changes),
        shares=pd.DataFrame(shares),
        pairs=pd.DataFrame(),
        orders=pd.DataFrame(orders),
        **tables,
    )


def test_steps_stand_by_size_and_add_up(study: Any) -> None:
    found = attribution(drawn=True)
    table, nobody = step_table(study, found, "transit")
    assert table["player_id"].tolist() == ["large", "small", "loss"]
    assert table["name_zh"].tolist() == ["large线", "small线", "loss线"]
    assert nobody == ["idle线 Idle"]
    assert table["ahead"].tolist() == [True, False, False]
    assert table["low"].tolist() == [899.0, 39.0, -4.0]
    before, after = change_ends(study, found, "transit")
    assert before + table["shapley"].sum() == after


def test_without_draws_nothing_is_certain(study: Any) -> None:
    table, nobody = step_table(study, attribution(drawn=False), "transit")
    assert table[["low", "high"]].isna().to_numpy().all()
    assert not table["ahead"].any()
    assert len(nobody) == 1


def test_who_brings_nothing_by_any_mode_is_no_row_of_pairs(study: Any) -> None:
    found = pair_names(study, attribution(drawn=False))
    assert found["player_id"].tolist() == ["small", "large", "loss"]


def test_uncertain_values_have_plain_names_and_their_ranges(study: Any) -> None:
    table = tornado_rows(study, attribution(drawn=True))
    assert table["name_zh"].tolist() == ["绕行系数", "步行速度", "规划线路发车间隔", "unheard_of"]
    assert table["name_en"].tolist()[:3] == [
        "Detour factor 1.2 – 1.4",
        "Walking speed 4 – 4.8 km/h",
        "Headways ×0.5 – ×2",
    ]


def test_orders_have_names(study: Any) -> None:
    assert order_rows(study, attribution(drawn=False))["name_en"].tolist() == ["Large"]


def test_only_charts_with_figures_are_drawn(study: Any) -> None:
    def charts(found: Attribution | None) -> list[str]:
        results: Any = SimpleNamespace(attribution=found)
        return list(attribution_charts(study, results))

    always = ["attribution_transit", "attribution_drive", "attribution_pairs"]
    assert charts(None) == []
    assert charts(attribution(drawn=False)) == [*always, "building_order"]
    assert charts(attribution(drawn=True)) == [*always, "attribution_tornado", "building_order"]


def test_years_in_which_nothing_opens_are_not_listed(study: Any) -> None:
    openings = pd.DataFrame({"year": [2022, 2023], "new_ids": [(), ("a", "b")]})
    results: Any = SimpleNamespace(phasing=SimpleNamespace(openings=openings))
    table = opening_table(study, results)
    # two parts of one line are named once
    assert table.to_numpy().tolist() == [[2023, "一线", "Line 1"]]
