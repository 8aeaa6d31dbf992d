"""Which project brings what."""

from __future__ import annotations

from analysis.attribution.shapley.sampling import FEWEST_ORDERS
from geo.faults import BadInputError, Fault, check_faults, shown
from scicity.inputs.pair import named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.attribution import (
    MOST_DRAWS,
    ORDERS,
    Attribution,
    SamplingEffort,
    attribution_results,
)


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
    faults = []
    if draws is not None and not (isinstance(draws, int) and 0 <= draws <= MOST_DRAWS):
        allowed = f"a whole number from 0 to {MOST_DRAWS}"
        faults.append(Fault("draws", "", "value-out-of-range", f"it is {shown(draws)}", allowed))
    if not isinstance(orders, int) or orders < FEWEST_ORDERS or orders % 2:
        allowed = f"an even number from {FEWEST_ORDERS} on"
        faults.append(Fault("orders", "", "value-out-of-range", f"it is {shown(orders)}", allowed))
    check_faults(faults)
    pair = named_pair(study, scenario, baseline)
    effort = SamplingEffort(study.settings.study.draws if draws is None else draws, orders)
    shares = attribution_results(study, pair, effort)
    if shares is None:
        message = f"it adds nothing to {pair.baseline_id}, or lacks some of it"
        allowed = "a scenario with more projects than the baseline"
        raise BadInputError(
            [Fault("scenario", pair.scenario_id, "option-unused", message, allowed)]
        )
    return shares
