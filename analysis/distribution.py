"""Distribution over people: percentiles, Gini coefficient, Palma ratio."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

PERCENTILES = (10, 50, 90)


def weighted_percentile(values: np.ndarray, weights: np.ndarray, percent: float) -> float:
    """The value not exceeded by a given percentage of the weight.

    Examples
    --------
    >>> weighted_percentile(np.array([3.0, 1.0]), np.array([1.0, 3.0]), 50)
    1.0
    """
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    position = np.searchsorted(share, percent / 100 - 1e-12)
    return float(values[order[min(int(position), len(values) - 1)]])


def gini(values: np.ndarray, weights: np.ndarray) -> float:
    """Gini coefficient over people: 0 if all are equal, towards 1 if one person has everything.

    Twice the area between the Lorenz curve and the diagonal (Gini 1912). Values must not be
    negative; if all are 0, the result is 0.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0]), np.array([5.0, 1.0])), gini(np.array([0.0, 1.0]), np.ones(2))
    (0.0, 0.5)
    """
    order = np.argsort(values, kind="stable")
    people = np.concatenate([[0.0], np.cumsum(weights[order])])
    cumulative = np.concatenate([[0.0], np.cumsum(weights[order] * values[order])])
    if cumulative[-1] <= 0:
        return 0.0
    area = np.trapezoid(cumulative / cumulative[-1], people / people[-1])
    return round(float(1 - 2 * area), 12)


def equal_parts(values: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """Divide the weight into parts of equal size, from the lowest values to the highest.

    Weight across a cut is divided between both parts; equal values are divided in the same
    proportions, so that their order is irrelevant.

    Parameters
    ----------
    values
        Values that determine the order.
    weights
        More than 0.
    count
        Number of parts.

    Returns
    -------
    ndarray
        Parts x values: the weight of each value in each part.

    Examples
    --------
    >>> equal_parts(np.array([7.0, 5.0]), np.array([3.0, 1.0]), 2).tolist()
    [[1.0, 1.0], [2.0, 0.0]]
    """
    _, level = np.unique(values, return_inverse=True)
    weight_of_level = np.bincount(level, weights)
    ends = np.cumsum(weight_of_level)
    starts = np.concatenate([[0.0], ends[:-1]])
    cuts = ends[-1] * np.arange(count + 1)[:, None] / count
    shares = np.clip(np.minimum(ends, cuts[1:]) - np.maximum(starts, cuts[:-1]), 0.0, None)
    return np.asarray(shares[:, level] * (weights / weight_of_level[level]))


def palma(values: np.ndarray, weights: np.ndarray) -> float:
    """Palma ratio: mean of the best-off 10 % over mean of the worst-off 40 %.

    Palma's ratio (Palma 2011, Development and Change 42 (1), 87-153) compares the sums of the two
    groups, for incomes. This one compares their means, four times that ratio, so that it is 1 for
    an equal distribution; people are ranked by the values themselves, because incomes are unknown.

    Parameters
    ----------
    values
        Not negative.
    weights
        People, more than 0.

    Returns
    -------
    float
        NaN if the worst-off 40 % have nothing.

    Examples
    --------
    >>> palma(np.array([3.0, 3.0]), np.array([1.0, 2.0]))
    1.0
    >>> palma(np.array([0.0, 5.0]), np.array([1.0, 1.0]))
    nan
    """
    totals = equal_parts(values, weights, 10) @ values
    low = totals[:4].mean()
    return round(float(totals[-1] / low), 12) if low > 0 else float("nan")


def summary(
    values: pd.Series, people: pd.Series, percentiles: Sequence[int] = PERCENTILES
) -> dict[str, float]:
    """Mean, percentiles and Gini over people; zones without a value or people are left out.

    Returns
    -------
    dict
        `mean`, `p10`, `p50`, `p90` (or the requested percentiles), `gini` and `people` (with a
        value); only `people` = 0 if there are none.
    """
    is_counted = values.notna().to_numpy() & (people.to_numpy() > 0)
    known = values.to_numpy(dtype=float)[is_counted]
    weights = people.to_numpy(dtype=float)[is_counted]
    if weights.sum() == 0:
        return {"people": 0.0}
    figures = {"mean": float(np.average(known, weights=weights))}
    for percent in percentiles:
        figures[f"p{percent}"] = weighted_percentile(known, weights, percent)
    return figures | {"gini": gini(known, weights), "people": float(weights.sum())}
