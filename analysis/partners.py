"""Times between partners: who must reach whom (clause 三: R&D in the core, makers around it)."""

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
    """Places that must reach one another: each of the first, each of the second.

    A place that is on both lists is no partner of itself.
    """

    from_ids: Sequence[str]
    to_ids: Sequence[str]

    def asked(self) -> pd.DataFrame:
        """Every pair in both directions: `from_id`, `to_id`, `direction`."""
        pairs = [(a, b) for a in self.from_ids for b in self.to_ids if a != b]
        rows = [(a, b, OUT) for a, b in pairs] + [(b, a, BACK) for a, b in pairs]
        return pd.DataFrame.from_records(rows, columns=["from_id", "to_id", "direction"])


def partner_pairs(
    baseline: pd.DataFrame, scenario: pd.DataFrame, *, partners: Partners
) -> pd.DataFrame:
    """Times of every pair of partners before and after, there and back.

    Parameters
    ----------
    baseline, scenario
        All times of each: `from_id`, `to_id`, `mode`, `period`, `secs`; no pair twice.
    partners
        Who must reach whom.

    Returns
    -------
    DataFrame
        `PARTNER_COLUMNS`, pairs in the order of the partners. `opened` pairs have a time in the
        scenario only: `baseline_secs` and `change_secs` are NaN; `scenario_secs` is NaN where
        there is one in the baseline only. Pairs with a time in neither have no row; the reason
        stands in the table of missing times.
    """
    was = baseline[[*KEYS, "secs"]].rename(columns={"secs": "baseline_secs"})
    now = scenario[[*KEYS, "secs"]].rename(columns={"secs": "scenario_secs"})
    asked = partners.asked()
    both = asked.merge(was.merge(now, on=KEYS, how="outer"), on=["from_id", "to_id"])
    change = both["scenario_secs"] - both["baseline_secs"]
    change = change.where(change.isna() | (change.abs() > SAME_SECS), 0.0)
    table = both.assign(change_secs=change, opened=both["baseline_secs"].isna())
    return table[list(PARTNER_COLUMNS)]


def partner_summary(
    pairs: pd.DataFrame, partners: Partners, cutoffs_secs: Sequence[float]
) -> pd.DataFrame:
    """How many pairs of partners are near one another before and after.

    Parameters
    ----------
    pairs
        `PARTNER_COLUMNS`.
    partners
        Whose pairs they are.
    cutoffs_secs
        What counts as near, seconds (to half of `STEP_SECS`).

    Returns
    -------
    DataFrame
        `PARTNER_SUMMARY_COLUMNS`, one row a direction, mode, period and cutoff. `pairs` are all
        that are asked for, `pairs_timed` those with a time both before and after: the means are
        over these, NaN if there are none. A mode by which no pair has a time has no rows.
    """
    asked = partners.asked()["direction"].value_counts()
    rows = []
    for labels, part in pairs.groupby(["direction", "mode", "period"], sort=False):
        times = part[["baseline_secs", "scenario_secs", "change_secs"]]
        timed = times.dropna()
        for cutoff in cutoffs_secs:
            near = (times.iloc[:, :2] <= cutoff + STEP_SECS / 2).sum()
            means = timed.mean() if len(timed) else np.full(3, np.nan)
            rows.append((*labels, cutoff, int(asked[labels[0]]), *near, len(timed), *means))
    return pd.DataFrame.from_records(rows, columns=list(PARTNER_SUMMARY_COLUMNS))
