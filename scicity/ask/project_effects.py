"""What each project changes."""

from __future__ import annotations

import pandas as pd

from scicity.inputs.pair import check_adds, named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.run_results import (
    effect_results,
)


def project_effects(
    study: Study, scenario: str | None = None, *, baseline: str | None = None
) -> pd.DataFrame:
    """What each project of a scenario changes in the times between the named places.

    Parameters and errors are those of `accessibility`.

    Returns
    -------
    DataFrame
        `analysis.project_effects.EFFECT_COLUMNS`: a row a project, mode and comparison: `alone`
        (against the baseline) and `last` (the scenario with it against without it); how many
        pairs are quicker, slower or opened, and by how many seconds.
    """
    check_study(study)
    pair = named_pair(study, scenario, baseline)
    check_adds(study, pair)
    return effect_results(study, pair)
