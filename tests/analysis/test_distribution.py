"""Percentiles, Gini and summaries of areas, by hand and by their definitions."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples

from analysis.change import accessibility_by_area
from analysis.distribution import gini, summary, weighted_percentile


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1), (10, 1), (25, 1), (26, 2), (50, 2), (51, 7), (90, 7), (100, 7)]
)
def test_percentiles(percent: float, value: float) -> None:
    """Of eight people two have 1, two have 2 and four have 7."""
    found = weighted_percentile(np.array([7.0, 1.0, 2.0]), np.array([4.0, 2.0, 2.0]), percent)
    assert found == value


@pytest.mark.parametrize(
    ("values", "people", "wanted"),
    [
        ([5, 5, 5], [1, 2, 3], 0),
        ([1, 3], [1, 1], 0.25),
        ([0, 10], [3, 1], 0.75),
        ([0, 0, 0, 1], [1, 1, 1, 1], 0.75),
        ([0, 0], [1, 1], 0),
    ],
)
def test_gini(values: Sequence[float], people: Sequence[float], wanted: float) -> None:
    assert gini(np.array(values, float), np.array(people, float)) == pytest.approx(wanted)


@examples(50)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=8).filter(
        lambda pairs: any(value for value, _ in pairs)
    )
)
def test_gini_is_half_the_relative_mean_difference(pairs: list[tuple[int, int]]) -> None:
    """Over all pairs of people (Gini 1912)."""
    values, people = np.array(pairs, float).T
    each = np.repeat(values, people.astype(int))
    wanted = np.abs(each[:, None] - each).mean() / (2 * each.mean())
    assert gini(values, people) == pytest.approx(wanted, abs=1e-9)


def test_summary_leaves_out_who_has_no_value() -> None:
    found = summary(pd.Series([2.0, np.nan, 8.0, 5.0]), pd.Series([3.0, 9.0, 1.0, 0.0]))
    assert found["people"] == 4
    assert found["mean"] == pytest.approx((3 * 2 + 8) / 4)
    assert (found["p10"], found["p50"], found["p90"]) == (2, 2, 8)
    assert summary(pd.Series([np.nan]), pd.Series([1.0])) == {"people": 0.0}


def test_areas_and_the_whole() -> None:
    """Two zones in one area, one in the other; people weigh."""
    zones = gpd.GeoDataFrame({"area_id": ["a", "a", "b"], "population": [1.0, 3.0, 4.0]})
    before = pd.DataFrame({"jobs": [10.0, 20.0, 40.0]})
    after = pd.DataFrame({"jobs": [30.0, 20.0, 50.0]})
    found = accessibility_by_area(
        zones, {"baseline": before, "scenario": after}, mode="drive", period="peak"
    ).set_index("area_id")
    assert found.index.tolist() == ["a", "b", "all"]
    assert found["people"].tolist() == [4, 4, 8]
    assert found["baseline_mean"].tolist() == pytest.approx([17.5, 40, 28.75])
    assert found["scenario_mean"].tolist() == pytest.approx([22.5, 50, 36.25])
    assert found["change_mean"].tolist() == pytest.approx([5, 10, 7.5])
