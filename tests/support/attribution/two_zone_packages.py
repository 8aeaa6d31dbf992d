"""Packages small enough for every figure to be computed by hand.

Two zones: one person lives at the first letter, two at the second; each reaches at least itself.
So an average resident reaches 5/3 people if the zones do not reach each other, and 3 if they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ascii_worlds import World
from easy_values import conditions, easy
from judged_worlds import TRAVELS, Judged, asked, player

from analysis.attribution.shapley.game import Game, game
from analysis.attribution.shapley.pairs import interactions
from analysis.attribution.shapley.values import first_in, last_in, shapley_values
from analysis.attribution.subset_values import all_values
from analysis.graph.conditions import Conditions
from layers.network import TransportNetwork
from layers.projects import Project

APART, TOGETHER = 5 / 3, 3.0
GAIN = TOGETHER - APART
NEAR_STREETS = conditions(easy(snap_limit_m=100.0))


@dataclass(frozen=True)
class Found:
    """A game with its columns."""

    game: Game
    columns: pd.DataFrame

    def column(self, measure: str, mode: str) -> int:
        """Of everywhere."""
        own = self.columns.query(
            f"measure == '{measure}' and mode == '{mode}' and area_id == 'all'"
        )
        (at,) = own.index
        return int(at)

    def values(self, measure: str, mode: str) -> list[float]:
        """Of all subsets in order."""
        every = np.arange(2 ** len(self.game.names))
        return list(self.game.of(every)[:, self.column(measure, mode)])

    def shares(self, measure: str, mode: str) -> dict[str, list[float]]:
        """First-in, last-in and Shapley value of each player."""
        at = self.column(measure, mode)
        each = (first_in(self.game), last_in(self.game), shapley_values(self.game))
        return {n: [f[k, at] for f in each] for k, n in enumerate(self.game.names)}

    def pair(self, measure: str, mode: str) -> tuple[float, str]:
        """Interaction and kind of the only pair."""
        (row,) = interactions(self.game, self.column(measure, mode)).itertuples()
        return row.interaction, row.kind


def found(
    here: World,
    baseline: TransportNetwork,
    projects: Sequence[Project],
    letters: str,
    *,
    cutoffs: Sequence[float],
    under: Conditions | None = None,
) -> Found:
    """Each project is a player; zones and places are at two letters."""
    places = here.at(letters)
    question = asked(list(places), places, cutoffs=cutoffs, near_secs=cutoffs[0])
    players = tuple(player(item.project_id) for item in projects)
    known = {item.project_id: item for item in projects}
    judged = Judged(baseline, known, players, question, under or conditions())
    assert judged.only_adds
    values = all_values(judged.package, question, travels=TRAVELS, conditions=judged.conditions)
    names = [item.player_id for item in players]
    return Found(game(names, values.table, judged.required), values.columns)
