"""Every subset of random players, against networks that are really put together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis_settings import examples
from judged_worlds import TRAVELS, Judged, later
from random_players import random_players

from analysis.attribution.direct_values import direct_values, point_times
from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.subset_values import PLACE_SECS, all_values
from analysis.graph.travel import Travel
from geo.faults import BadInputError
from layers.network import TransportNetwork

STEP = 1e-3
"""A split street is rounded in two parts."""


class Searches:
    """Values by searches of their own."""

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        self._reached = {travel.mode: self._secs(judged.network(0), travel) for travel in TRAVELS}

    def _secs(self, network: TransportNetwork, travel: Travel) -> np.ndarray:
        judged = self._judged
        return point_times(network, judged.wanted, travel=travel, conditions=judged.conditions)

    def of(self, network: TransportNetwork, *questions: AttributionMeasures) -> list[np.ndarray]:
        """A row of values for each wanted, which differ in their cutoffs only."""
        rows: list[list[np.ndarray]] = [[] for _ in questions]
        for travel in TRAVELS:
            secs = self._secs(network, travel)
            zones = len(questions[0].zones)
            reached = np.isfinite(self._reached[travel.mode][zones:, zones:])
            for row, wanted in zip(rows, questions, strict=True):
                limit = self._judged.conditions.assumptions.max_trip_secs
                found = direct_values(secs, wanted, travel, reached=reached, limit=limit)
                row.append(found.table[0])
        return [np.concatenate(row) for row in rows]


def check_every_subset(judged: Judged) -> None:
    assume(judged.only_adds)
    package, wanted = judged.package, judged.wanted
    found = all_values(package, wanted, travels=TRAVELS, conditions=judged.conditions)
    searches = Searches(judged)
    times = (found.columns["measure"] == PLACE_SECS).to_numpy()
    for built in judged.subsets:
        row = found.table[built]
        (same,) = searches.of(package.network_with(built), wanted)
        assert row == pytest.approx(same, rel=1e-12, abs=1e-12)
        try:
            network = judged.network(built)
        except BadInputError:
            assume(condition=False)
        least, exact, most = searches.of(network, later(wanted, -STEP), wanted, later(wanted, STEP))
        assert row[times] == pytest.approx(exact[times], rel=0, abs=STEP / 2)
        assert (row[~times] >= least[~times] * (1 - 1e-12)).all()
        assert (row[~times] <= most[~times] * (1 + 1e-12)).all()


@examples(10, quick=4)
@given(random_players())
def test_every_subset_is_what_building_it_gives(judged: Judged) -> None:
    check_every_subset(judged)


@pytest.mark.slow
@examples(150)
@given(random_players(most=4))
def test_every_subset_of_many_more(judged: Judged) -> None:
    check_every_subset(judged)
