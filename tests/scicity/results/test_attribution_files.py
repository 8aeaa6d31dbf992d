"""Costs beside shares, and the layer of the planned links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scicity.inputs.pair import network_pair
from scicity.inputs.study import Study
from scicity.outputs.attribution import link_layer, player_table, with_costs
from scicity.results.attribution import Attribution, SamplingEffort, attribution_results

ALL, MEASURE = "all", "people_2700"


@pytest.fixture(scope="module")
def found(study: Study) -> Attribution:
    """People mover extensions alone, a group of three."""
    attribution = attribution_results(
        study, network_pair(study, "today", "clause_4_2"), SamplingEffort(0)
    )
    assert attribution is not None
    return attribution


def with_prices(study: Study, **prices: float) -> Study:
    """The study with costs of some projects."""
    projects = {
        name: replace(
            project,
            cost=prices.get(name),
            features=project.features.assign(cost_source=f"price of {name}"),
        )
        for name, project in study.projects.items()
    }
    return replace(study, projects=projects)


def test_without_costs_nothing_is_assumed(study: Study, found: Attribution) -> None:
    assert player_table(study, found)["cost"].isna().all()
    assert with_costs(study, found)["gain_per_cost"].isna().all()


def test_a_group_costs_what_its_projects_cost_together(study: Study, found: Attribution) -> None:
    priced = with_prices(study, YUNBA2=2e9, YUNBA3=1e9, YUNBA4=1e9)
    row = player_table(priced, found).iloc[0]
    assert (row["player_id"], row["cost"]) == ("yunba", 4e9)
    assert row["cost_sources"] == "price of YUNBA2; price of YUNBA3; price of YUNBA4"
    shares = with_costs(priced, found)
    assert shares["gain_per_cost"].tolist() == pytest.approx((shares["shapley"] / 4e9).tolist())


def test_a_group_with_one_cost_missing_has_none(study: Study, found: Attribution) -> None:
    priced = with_prices(study, YUNBA2=2e9, YUNBA3=1e9)
    assert player_table(priced, found)["cost"].isna().all()
    assert with_costs(priced, found)["gain_per_cost"].isna().all()


def test_a_link_has_the_lines_and_the_figures_of_its_player(
    study: Study, found: Attribution
) -> None:
    layer = link_layer(study, found, MEASURE)
    assert layer["player_id"].tolist() == ["yunba"]
    drawn = [study.projects[name].features for name in ("YUNBA2", "YUNBA3", "YUNBA4")]
    lines = [table.loc[table["element"] == "route", "geometry"].iloc[0] for table in drawn]
    around = layer.geometry.iloc[0].buffer(1e-9)
    assert all(around.covers(line) for line in lines)
    own = found.shares.query(f"measure == '{MEASURE}' and area_id == '{ALL}' and mode == 'transit'")
    assert layer["shapley_transit"].tolist() == own["shapley"].tolist()
    # alone it is first, last and everything
    assert own["shapley"].tolist() == own["first_in"].tolist() == own["last_in"].tolist()
    assert own["share"].tolist() == [1.0]
    assert "low_transit" not in layer
