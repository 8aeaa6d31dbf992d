"""How something is spread over people."""

from __future__ import annotations

import numpy as np
import pandas as pd

PERCENTILES = (10, 50, 90)


def weighted_percentile(values: np.ndarray, weights: np.ndarray, percent: float) -> float:
    """The value that so many percent of the weight does not exceed.

    Examples
    --------
    >>> weighted_percentile(np.array([3.0, 1.0]), np.array([1.0, 3.0]), 50)
    1.0
    """
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    at = np.searchsorted(share, percent / 100 - 1e-12)
    return float(values[order[min(int(at), len(values) - 1)]])


def gini(values: np.ndarray, weights: np.ndarray) -> float:
    """Gini coefficient over people: 0 all alike, towards 1 one has all.

    Twice the area between the Lorenz curve and the diagonal (Gini 1912). Values must not be
    negative; if all are 0 it is 0.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0]), np.array([5.0, 1.0])), gini(np.array([0.0, 1.0]), np.ones(2))
    (0.0, 0.5)
    """
    order = np.argsort(values, kind="stable")
    people = np.concatenate([[0.0], np.cumsum(weights[order])])
    held = np.concatenate([[0.0], np.cumsum(weights[order] * values[order])])
    if held[-1] <= 0:
        return 0.0
    area = np.trapezoid(held / held[-1], people / people[-1])
    return round(float(1 - 2 * area), 12)


def summary(values: pd.Series, people: pd.Series) -> dict[str, float]:
    """Mean, percentiles and Gini over people; zones without a value or people are left out.

    Returns
    -------
    dict
        `mean`, `p10`, `p50`, `p90`, `gini` and `people` (those who have a value); empty of
        figures if nobody has.
    """
    has = values.notna().to_numpy() & (people.to_numpy() > 0)
    held = values.to_numpy(dtype=float)[has]
    weights = people.to_numpy(dtype=float)[has]
    if weights.sum() == 0:
        return {"people": 0.0}
    figures = {"mean": float(np.average(held, weights=weights))}
    for percent in PERCENTILES:
        figures[f"p{percent}"] = weighted_percentile(held, weights, percent)
    return figures | {"gini": gini(held, weights), "people": float(weights.sum())}
