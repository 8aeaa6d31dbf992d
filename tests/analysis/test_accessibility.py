"""Accessibility is what the matrix of times says."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import geopandas as gpd
import numpy as np
import pytest
from engine_answers import everyone
from networkx_costs import networkx_costs
from sketches import random_sketch

from analysis.accessibility import accessibility_on
from analysis.measures import Measure
from analysis.routing import router as search
from analysis.routing.arcs import STEP_SECS, Scale
from analysis.routing.router import times_between


def defined(secs: np.ndarray, counts: np.ndarray, measure: Measure) -> np.ndarray:
    """The measure from the matrix of times, as DESIGN section 5 says it."""
    if measure.kind == "cumulative":
        return ((secs <= measure.value + STEP_SECS / 2) * counts).sum(axis=1)
    if measure.kind == "gravity":
        return (0.5 ** (secs / measure.value) * counts).sum(axis=1)
    found = []
    for row in secs:
        each = np.sort(np.repeat(row, counts.astype(int)))
        k = int(measure.value)
        found.append(each[k - 1] if len(each) >= k and np.isfinite(each[k - 1]) else np.nan)
    return np.array(found)


@pytest.mark.parametrize("limit_secs", [900.0, 4_000.0])
def test_accessibility_is_what_the_matrix_of_times_says(limit_secs: float) -> None:
    """By both ways of searching, to the last bit the same; 130 zones are three batches."""
    random = np.random.default_rng(9)
    sketch = random_sketch(17, streets=120, beside=30, count=130, density=2.0)
    size = {name: len(getattr(sketch, name).cost) for name in ("arcs", "out", "into", "straight")}
    per_sec = Scale(16_000.0).per_sec
    costs = {
        name: replace(
            getattr(sketch, name), cost=(random.integers(0, 900, count) * per_sec).astype(int)
        )
        for name, count in size.items()
    }
    sketch = replace(sketch, **costs, scale=Scale(16_000.0))
    zones = gpd.GeoDataFrame(
        {
            "population": random.integers(0, 1_000, 130).astype(float),
            "hospitals": (random.random(130) < 0.05) * 2.0,
            "ports": np.zeros(130),
        }
    )
    measures = [
        *(Measure(f"p{cutoff}", "cumulative", "population", cutoff) for cutoff in (0, 600, 900)),
        Measure("all", "cumulative", "population", 4_000.0),
        Measure("gravity", "gravity", "population", 700.0),
        *(Measure(f"h{k}", "nearest", "hospitals", k) for k in (1, 2, 3)),
        Measure("none", "nearest", "ports", 1),
    ]
    asked = {}
    for name, costs_of in (("queue", {"FEW": 10**9}), ("sweeps", {"QUEUE_NS": 1e9})):
        with patch.multiple(search, **costs_of):
            asked[name] = accessibility_on(sketch.linked(), zones, measures, limit_secs=limit_secs)
    assert (asked["queue"].to_numpy() == asked["sweeps"].to_numpy()).sum() > 0
    assert asked["queue"].equals(asked["sweeps"])
    secs = times_between(sketch.linked(), limit=limit_secs)
    limit = int(sketch.scale.cutoff(limit_secs))
    wanted = networkx_costs(sketch, everyone(sketch), everyone(sketch), limit=limit)
    np.testing.assert_array_equal(secs, sketch.scale.secs(wanted))
    for measure in measures:
        counts = zones[measure.opportunity].to_numpy()
        found = asked["sweeps"][measure.name].to_numpy()
        np.testing.assert_allclose(found, defined(secs, counts, measure), rtol=1e-12)
    assert asked["sweeps"]["none"].isna().all()
    assert 0 < asked["sweeps"]["h3"].isna().mean() < 1
