"""How something is spread over people."""

from __future__ import annotations

from collections.abc import Sequence

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


def equal_parts(values: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """The weight cut into parts of the same size, from the lowest values to the highest.

    What lies across a cut belongs to both parts; of those with the same value each is cut in the
    same proportions, so that their order does not matter.

    Parameters
    ----------
    values
        What they are ranked by.
    weights
        More than 0.
    count
        How many parts.

    Returns
    -------
    ndarray
        Parts x values: how much of each weight lies in each part.

    Examples
    --------
    >>> equal_parts(np.array([7.0, 5.0]), np.array([3.0, 1.0]), 2).tolist()
    [[1.0, 1.0], [2.0, 0.0]]
    """
    _, level = np.unique(values, return_inverse=True)
    of_level = np.bincount(level, weights)
    ends = np.cumsum(of_level)
    starts = np.concatenate([[0.0], ends[:-1]])
    cuts = ends[-1] * np.arange(count + 1)[:, None] / count
    held = np.clip(np.minimum(ends, cuts[1:]) - np.maximum(starts, cuts[:-1]), 0.0, None)
    return np.asarray(held[:, level] * (weights / of_level[level]))


def palma(values: np.ndarray, weights: np.ndarray) -> float:
    """How many times as much the best-off 10 % have on average as the worst-off 40 %.

    Palma's ratio (Palma 2011, Development and Change 42 (1), 87-153) compares what the two groups
    have in sum, for incomes. This one compares their means, four times that, so that it is 1 where
    all have alike; and people are ranked by what is spread itself, there being no incomes.

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
    held = equal_parts(values, weights, 10) @ values
    low = held[:4].mean()
    return round(float(held[-1] / low), 12) if low > 0 else float("nan")


def summary(
    values: pd.Series, people: pd.Series, percentiles: Sequence[int] = PERCENTILES
) -> dict[str, float]:
    """Mean, percentiles and Gini over people; zones without a value or people are left out.

    Returns
    -------
    dict
        `mean`, `p10`, `p50`, `p90` (or the percentiles asked for), `gini` and `people` (those who
        have a value); empty of figures if nobody has.
    """
    has = values.notna().to_numpy() & (people.to_numpy() > 0)
    held = values.to_numpy(dtype=float)[has]
    weights = people.to_numpy(dtype=float)[has]
    if weights.sum() == 0:
        return {"people": 0.0}
    figures = {"mean": float(np.average(held, weights=weights))}
    for percent in percentiles:
        figures[f"p{percent}"] = weighted_percentile(held, weights, percent)
    return figures | {"gini": gini(held, weights), "people": float(weights.sum())}
