"""Times between partner places (clause 三: R&D in the core, manufacturing around it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.change import SAME_SECS
from analysis.routing.arcs import STEP_SECS

PARTNER_COLUMNS = (
    "from_id",
    "to_id",
    "direction",
    "mode",
    "period",
    "baseline_secs",
    "scenario_secs",
    "change_secs",
    "opened",
)
PARTNER_SUMMARY_COLUMNS = (
    "direction",
    "mode",
    "period",
    "cutoff_secs",
    "pairs",
    "baseline_within",
    "scenario_within",
    "pairs_timed",
    "baseline_mean_secs",
    "scenario_mean_secs",
    "change_mean_secs",
)
OUT, BACK = "out", "back"
"""Directions: from the first partners to the second, and from the second to the first."""
KEYS = ["from_id", "to_id", "mode", "period"]


@dataclass(frozen=True)
class Partners:
    """Partner places: each of the first list with each of the second.

    A place on both lists is not a partner of itself.
    """

    from_ids: Sequence[str]
    to_ids: Sequence[str]

    def pairs(self) -> pd.DataFrame:
        """Every pair in both directions: `from_id`, `to_id`, `direction`."""
        pairs = [(a, b) for a in self.from_ids for b in self.to_ids if a != b]
        rows = [(a, b, OUT) for a, b in pairs] + [(b, a, BACK) for a, b in pairs]
        return pd.DataFrame.from_records(rows, columns=["from_id", "to_id", "direction"])


def partner_pairs(
    baseline: pd.DataFrame, scenario: pd.DataFrame, *, partners: Partners
) -> pd.DataFrame:
    """Baseline and scenario times of every pair of partners, in both directions.

    Parameters
    ----------
    baseline, scenario
        All times of each network: `from_id`, `to_id`, `mode`, `period`, `secs`; no pair twice.
    partners
        The partner places.

    Returns
    -------
    DataFrame
        `PARTNER_COLUMNS`, pairs in the order of the partners. `opened` pairs have a time in the
        scenario only: `baseline_secs` and `change_secs` are NaN; `scenario_secs` is NaN for pairs
        with a time in the baseline only. Pairs with a time in neither have no row; the table of
        missing times gives the reason.
    """
    baseline_secs = baseline[[*KEYS, "secs"]].rename(columns={"secs": "baseline_secs"})
    scenario_secs = scenario[[*KEYS, "secs"]].rename(columns={"secs": "scenario_secs"})
    pairs = partners.pairs()
    both = pairs.merge(
        baseline_secs.merge(scenario_secs, on=KEYS, how="outer"), on=["from_id", "to_id"]
    )
    change = both["scenario_secs"] - both["baseline_secs"]
    change = change.where(change.isna() | (change.abs() > SAME_SECS), 0.0)
    table = both.assign(change_secs=change, opened=both["baseline_secs"].isna())
    return table[list(PARTNER_COLUMNS)]


def partner_summary(
    pairs: pd.DataFrame, partners: Partners, cutoffs_secs: Sequence[float]
) -> pd.DataFrame:
    """Number of partner pairs within cutoffs, and mean times, in baseline and scenario.

    Parameters
    ----------
    pairs
        `PARTNER_COLUMNS`.
    partners
        The partner places of these pairs.
    cutoffs_secs
        Cutoffs, seconds (with a tolerance of half of `STEP_SECS`).

    Returns
    -------
    DataFrame
        `PARTNER_SUMMARY_COLUMNS`, one row a direction, mode, period and cutoff. `pairs` counts all
        partner pairs, `pairs_timed` those with a time in both networks: the means are over these,
        NaN if there are none. A mode without any time has no rows.
    """
    pairs_by_direction = partners.pairs()["direction"].value_counts()
    rows = []
    for labels, group in pairs.groupby(["direction", "mode", "period"], sort=False):
        times = group[["baseline_secs", "scenario_secs", "change_secs"]]
        timed = times.dropna()
        for cutoff in cutoffs_secs:
            within = (times.iloc[:, :2] <= cutoff + STEP_SECS / 2).sum()
            means = timed.mean() if len(timed) else np.full(3, np.nan)
            rows.append(
                (*labels, cutoff, int(pairs_by_direction[labels[0]]), *within, len(timed), *means)
            )
    return pd.DataFrame.from_records(rows, columns=list(PARTNER_SUMMARY_COLUMNS))
