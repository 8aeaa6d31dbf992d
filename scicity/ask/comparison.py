"""Two scenarios beside each other."""

from __future__ import annotations

from geo.crs import to_wgs84
from scicity.ask.answers import Comparison
from scicity.inputs.pair import named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.place_times import place_results
from scicity.results.run_results import (
    accessibility_results,
)


def compare(
    study: Study, scenario: str | None = None, *, baseline: str | None = None
) -> Comparison:
    """Times between the named places, and what zones and areas reach, in two scenarios.

    The tables are those that `scicity compare` writes. Parameters and errors are those of
    `accessibility`.

    Examples
    --------
    >>> import scicity
    >>> scicity.compare(scicity.read_study(), "plan")
    Comparison(times: 18580 rows, missing: 12976 rows, zones: 1203 rows, by_area: 168 rows)
    """
    check_study(study)
    pair = named_pair(study, scenario, baseline)
    places, reached = place_results(study, pair), accessibility_results(study, pair)
    return Comparison(places.times, places.missing, to_wgs84(reached.zones), reached.by_area)
