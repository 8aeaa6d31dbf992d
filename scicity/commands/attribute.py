"""`scicity attribute`."""

from __future__ import annotations

import argparse

from maps.style.modes import MODE_NAMES
from scicity.commands.study import asked_pair, asked_study, staged
from scicity.console import counted, say
from scicity.outputs.attribution import link_layer, write_attribution
from scicity.outputs.files import LayerFile, write_layers
from scicity.report.attribution_rows import attribution_rows
from scicity.report.markdown import main_measure
from scicity.report.words import Words
from scicity.results.attribution import Attribution, SamplingEffort, attribution_results
from scicity.results.bus_attribution import with_bus_gaps
from scicity.results.run_results import SHARES, Tick

MOST_LINES = 5


def _say(found: Attribution, measure: str) -> None:
    """Who brings most, by mode."""
    how = f"all {2 ** len(found.players):,} subsets" if found.exact else "sampled orders"
    draws = f"{found.draws} draws" if found.draws else "nothing drawn"
    say(f"{len(found.players)} projects or groups, {how}, {draws}")
    for mode, (_, name) in MODE_NAMES.items():
        told = attribution_rows(found, measure, mode, Words("en"))
        for row in told.shares.head(MOST_LINES).itertuples():
            if row.shapley > 0:
                who = told.names[row.player_id]
                say(f"{name}: {who}: {row.shapley:,.0f} people, {row.share:.1%} of the gain")


def attribute(asked: argparse.Namespace, tick: Tick) -> int:
    """Attribute a scenario's changes to its projects."""
    study = asked_study(asked, tick)
    pair = asked_pair(study, asked)
    tick(SHARES)
    draws = study.settings.study.draws if asked.draws is None else asked.draws
    effort = SamplingEffort(draws, asked.orders)
    found = attribution_results(study, pair, effort, tick=counted(tick, SHARES))
    if found is None:
        say(f"{pair.scenario_id} adds nothing to {pair.baseline_id}, or lacks some of it")
        return 0
    if asked.buses:
        gaps = counted(tick, "gaps of the bus loops")
        found = with_bus_gaps(study, pair, found, orders=asked.buses, tick=gaps)
    measure = main_measure(study)
    with staged(asked.out) as folder:
        write_attribution(study, found, folder)
        layer = LayerFile("attribution", link_layer(study, found, measure), "player_id")
        write_layers([layer], folder)
    _say(found, measure)
    return 0
