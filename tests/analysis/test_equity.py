"""Who gains: figures computed by hand, and what must hold for any spread of people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples

from analysis.change import accessibility_change
from analysis.distribution import equal_parts, palma
from analysis.equity import (
    CORE_RING_COLUMNS,
    GAIN_COLUMNS,
    SPREAD_COLUMNS,
    core_and_ring,
    gain_shares,
    spread,
)
from scicity.inputs.pair import network_pair
from scicity.inputs.study import Study
from scicity.results.gains import gain_results
from scicity.results.place_times import place_results
from scicity.results.run_results import accessibility_results

PEAK = (("drive", "peak"),)


def zones(
    people: list[float], areas: list[str], before: list[float], after: list[float]
) -> pd.DataFrame:
    """A table of zones with the measure `jobs` by car at the peak."""
    was, now = pd.DataFrame({"jobs": before}), pd.DataFrame({"jobs": after})
    columns = accessibility_change(
        was.astype(float), now.astype(float), mode="drive", period="peak"
    )
    own = pd.DataFrame({"area_id": areas, "population": people})
    return pd.concat([own, columns], axis=1)


TEN = zones([2, 3, 0, 5], ["core", "east", "core", "west"], [4, 1, 99, 2], [12, 2, 999, 2])
"""Ten people: three reach 1, five 2 and two 4; the second doubles, the last gains 8 each."""


def gains_of(table: pd.DataFrame, grouping: str) -> pd.DataFrame:
    found = gain_shares(table, ["jobs"], travels=PEAK)
    return found.loc[found["grouping"] == grouping].set_index("group")


# How evenly ---------------------------------------------------------------------------------


def test_spread_of_ten_people() -> None:
    found = spread(TEN, ["jobs"], travels=PEAK)
    assert tuple(found.columns) == SPREAD_COLUMNS
    assert found["area_id"].tolist() == sorted(["core", "east", "west"] * 2) + ["all"] * 2
    rows = found.set_index(["area_id", "network"])
    everybody = rows.loc["all", "baseline"]
    assert everybody["people"] == 10
    assert everybody["mean"] == pytest.approx(2.1)
    assert everybody[["p10", "p25", "p50", "p75", "p90"]].tolist() == [1, 1, 2, 2, 4]
    # under the Lorenz curve through (0.3, 3/21) and (0.8, 13/21)
    assert everybody["gini"] == pytest.approx(1 - (0.3 * 3 + 0.5 * 16 + 0.2 * 34) / 21)
    # the best-off one has 4, the worst-off four 1, 1, 1 and 2
    assert everybody["palma"] == pytest.approx(4 / 1.25)
    assert rows.loc[("all", "scenario"), "palma"] == pytest.approx(12 / 2)
    assert rows.loc[("core", "scenario"), ["people", "mean", "gini", "palma"]].tolist() == [
        2,
        12,
        0,
        1,
    ]


def test_palma_where_the_worst_off_have_nothing() -> None:
    assert np.isnan(palma(np.array([0.0, 7.0]), np.array([4.0, 6.0])))
    assert palma(np.array([0.0, 7.0]), np.array([3.0, 7.0])) == pytest.approx(4)


people_and_values = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 6), st.integers(-3, 9)), min_size=1, max_size=9
)


@given(people_and_values, st.sampled_from([1, 3, 5, 10]))
@examples(60)
def test_parts_are_those_of_people_in_a_row(drawn: list[Any], count: int) -> None:
    """Everybody is cut in `count`; these stand in order of their values."""
    people, values, _ = np.array(drawn, dtype=float).T
    parts = equal_parts(values, people, count)
    assert parts.sum(axis=0) == pytest.approx(people)
    assert parts.sum(axis=1) == pytest.approx(np.full(count, people.sum() / count))
    row = np.sort(np.repeat(values, people.astype(int) * count)).reshape(count, -1)
    assert parts @ values == pytest.approx(row.sum(axis=1) / count)
    # of those who have the same each has the same part
    same = values == values[0]
    share = parts[:, same] / people[same]
    assert share == pytest.approx(np.repeat(share[:, :1], same.sum(), axis=1))


@given(people_and_values)
@examples(30)
def test_palma_is_the_best_tenth_over_the_worst_four(drawn: list[Any]) -> None:
    people, values, _ = np.array(drawn, dtype=float).T
    row = np.sort(np.repeat(values + 1, people.astype(int) * 10))
    tenth = len(row) // 10
    wanted = row[-tenth:].mean() / row[: 4 * tenth].mean()
    assert palma(values + 1, people) == pytest.approx(wanted)
    assert palma(np.full_like(values, 3.0), people) == pytest.approx(1)


# Whose the gain is --------------------------------------------------------------------------


def test_shares_of_the_gain() -> None:
    """The core gains 2 x 8, the east 3 x 1; two of the east are the lowest fifth."""
    assert tuple(gain_shares(TEN, ["jobs"], travels=PEAK).columns) == GAIN_COLUMNS
    areas = gains_of(TEN, "area_id")
    assert areas.index.tolist() == ["core", "east", "west"]
    assert areas["gain_share"].tolist() == pytest.approx([16 / 19, 3 / 19, 0])
    assert areas["people_share"].tolist() == pytest.approx([0.2, 0.3, 0.5])
    fifths = gains_of(TEN, "quintile")
    assert fifths.index.tolist() == list("12345")
    assert fifths["people"].tolist() == pytest.approx([2] * 5)
    assert fifths["baseline_mean"].tolist() == pytest.approx([1, 1.5, 2, 2, 4])
    assert fifths["change_mean"].tolist() == pytest.approx([1, 0.5, 0, 0, 8])
    assert fifths["gain_share"].tolist() == pytest.approx([2 / 19, 1 / 19, 0, 0, 16 / 19])


def test_who_loses_while_all_gain_has_a_share_below_nothing() -> None:
    table = zones([1, 1], ["a", "b"], [5, 5], [4, 8])
    assert gains_of(table, "area_id")["gain_share"].tolist() == pytest.approx([-0.5, 1.5])


@pytest.mark.parametrize("after", [[5.0, 5.0], [5.3, 4.9]])
def test_no_shares_without_a_gain(after: list[float]) -> None:
    """Also where it is rounding that keeps gains and losses from cancelling out."""
    found = gain_shares(zones([1, 3], ["a", "b"], [5, 5], after), ["jobs"], travels=PEAK)
    assert len(found) == 7
    assert found["gain_share"].isna().all()


@given(people_and_values, st.randoms())
@examples(40)
def test_shares_add_up_and_the_order_of_zones_does_not_matter(
    drawn: list[Any], chance: Any
) -> None:
    people, before, change = (list(part) for part in zip(*drawn, strict=True))
    areas = ["abc"[n % 3] for n in range(len(people))]
    after = [max(a + b, 0) for a, b in zip(before, change, strict=True)]
    table = zones(people, areas, before, after)
    found = gain_shares(table, ["jobs"], travels=PEAK)
    sums = found.groupby("grouping")[["people_share", "gain_share"]].sum(min_count=1)
    assert sums["people_share"].tolist() == pytest.approx([1, 1])
    assert found.loc[found["grouping"] == "quintile", "people_share"].tolist() == pytest.approx(
        [0.2] * 5
    )
    if np.array(people) @ (np.array(after) - before):
        assert sums["gain_share"].tolist() == pytest.approx([1, 1])
    else:
        assert found["gain_share"].isna().all()
    order = list(range(len(people)))
    chance.shuffle(order)
    mixed = table.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(gain_shares(mixed, ["jobs"], travels=PEAK), found)
    was = spread(table, ["jobs"], travels=PEAK)
    pd.testing.assert_frame_equal(spread(mixed, ["jobs"], travels=PEAK), was)


def test_the_core_and_the_ring() -> None:
    found = core_and_ring(TEN, ["jobs"], travels=PEAK, core_ids=["core"])
    assert tuple(found.columns) == CORE_RING_COLUMNS
    wanted = [2, 8, 4, 12, 8, 13 / 8, 2, 3 / 8, 4 / (13 / 8), 6]
    assert found.iloc[0, 3:].tolist() == pytest.approx(wanted)
    assert core_and_ring(TEN, ["jobs"], travels=PEAK, core_ids=["nowhere"]).empty
    nothing = zones([1, 1], ["core", "b"], [5, 0], [5, 0])
    assert (
        core_and_ring(nothing, ["jobs"], travels=PEAK, core_ids=["core"])["baseline_ratio"]
        .isna()
        .all()
    )


def test_nobody_has_no_rows() -> None:
    table = zones([0], ["a"], [1], [2])
    assert spread(table, ["jobs"], travels=PEAK).empty
    assert gain_shares(table, ["jobs"], travels=PEAK).empty
    assert core_and_ring(table, ["jobs"], travels=PEAK, core_ids=["a"]).empty


# The bundled study --------------------------------------------------------------------------


def test_the_bundled_study(study: Study) -> None:
    pair = network_pair(study, "today", "plan")
    access, places = accessibility_results(study, pair), place_results(study, pair)
    everything = replace(study, settings=replace(study.settings, partners=None))
    gains = gain_results(everything, pair, zones=access.zones, times=places.by_scenario)
    named = gain_results(study, pair, zones=access.zones, times=places.by_scenario)
    assert (named.partner_summary["pairs"] == 7 * 9).all()
    # what the run's own table has too
    keys = ["measure", "mode", "period", "area_id"]
    for network in ("baseline", "scenario"):
        mine = gains.spread.loc[gains.spread["network"] == network]
        both = mine.merge(access.by_area, on=keys, suffixes=("", "_run"), validate="1:1")
        assert len(both) == len(mine) == 3 * 2 * 7
        for figure in ("mean", "p10", "p50", "p90", "gini"):
            assert both[figure].tolist() == pytest.approx(both[f"{network}_{figure}"].tolist())
    shares = gains.shares.groupby(["measure", "mode", "grouping"])[["gain_share", "people_share"]]
    assert shares.sum().to_numpy() == pytest.approx(np.ones((12, 2)))
    means = gains.core_ring.merge(
        access.by_area.query("area_id == 'core'"), on=["measure", "mode", "period"]
    )
    assert means["core_change"].tolist() == pytest.approx(means["change_mean"].tolist())
    known = places.times.set_index(["from_id", "to_id", "mode", "period"])["change_secs"]
    mine = gains.partner_pairs.set_index(["from_id", "to_id", "mode", "period"])["change_secs"]
    timed = mine.dropna()
    assert timed.tolist() == known.loc[timed.index].tolist()
    assert (gains.partner_summary["pairs"] == 7 * 14).all()
