"""Which project brings what."""

from __future__ import annotations

from typing import Any

from analysis.attribution.shapley.sampling import FEWEST_ORDERS
from geo.faults import BadInputError, Fault, shown
from scicity.ask.checks import checked
from scicity.inputs.pair import check_adds, named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.attribution import (
    MOST_DRAWS,
    ORDERS,
    Attribution,
    SamplingEffort,
    attribution_results,
)

MOST_ORDERS = 1_000_000


def attribution(
    study: Study,
    scenario: str | None = None,
    *,
    baseline: str | None = None,
    draws: int | None = None,
    orders: int = ORDERS,
) -> Attribution:
    """Which project of a scenario brings what, and how sure that is.

    Parameters
    ----------
    study, scenario, baseline
        As for `accessibility`.
    draws
        Sets of assumed values to draw, 0 for none; as many as the study says if not given.
    orders
        Orders of building to sample, even, where there are too many players for every subset.

    Returns
    -------
    Attribution
        Tables: `shares` (first-in, last-in and Shapley value of each player), `changes`, `pairs`,
        `orders`, and from draws `bands`, `certainty`, `tornado` (docs/attribution.md).

    Raises
    ------
    BadInputError
        As for `accessibility`; also if the scenario adds nothing to the baseline, or if `draws`
        or `orders` cannot be.
    """
    check_study(study)
    pair, *_ = checked(
        lambda: named_pair(study, scenario, baseline),
        lambda: _check_number("draws", 0 if draws is None else draws, range(MOST_DRAWS + 1)),
        lambda: _check_number("orders", orders, range(FEWEST_ORDERS, MOST_ORDERS + 1, 2)),
    )
    check_adds(study, pair)
    effort = SamplingEffort(study.settings.study.draws if draws is None else draws, orders)
    shares = attribution_results(study, pair, effort)
    if shares is None:
        raise AssertionError("a scenario that adds something has players")
    return shares


def _check_number(argument: str, value: Any, allowed: range) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        kind = "an even number" if allowed.step > 1 else "a whole number"
        text = f"{kind} from {allowed.start} to {allowed[-1]}"
        message = f"it is {shown(value)}"
        raise BadInputError([Fault(argument, "", "value-out-of-range", message, text)])
