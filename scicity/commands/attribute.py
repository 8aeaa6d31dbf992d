"""`scicity attribute`."""

from __future__ import annotations

import argparse

from maps.style.modes import MODE_NAMES
from scicity.commands.study import requested_pair, requested_study, results_folder
from scicity.console import say, step_counter
from scicity.outputs.attribution import link_layer, write_attribution
from scicity.outputs.files import LayerFile, write_layers
from scicity.report.attribution_rows import attribution_rows
from scicity.report.markdown import main_measure
from scicity.report.words import Words
from scicity.results.attribution import Attribution, SamplingEffort, attribution_results
from scicity.results.bus_attribution import with_bus_gaps
from scicity.results.run_results import SHARES, Tick

MAX_LINES = 5


def _say_largest(attribution: Attribution, measure: str) -> None:
    """Print the players with the largest Shapley values, by mode."""
    method = (
        f"all {2 ** len(attribution.players):,} subsets" if attribution.exact else "sampled orders"
    )
    draws = f"{attribution.draws} draws" if attribution.draws else "nothing drawn"
    say(f"{len(attribution.players)} projects or groups, {method}, {draws}")
    for mode, (_, name) in MODE_NAMES.items():
        rows = attribution_rows(attribution, measure, mode, Words("en"))
        for row in rows.shares.head(MAX_LINES).itertuples():
            if row.shapley > 0:
                player = rows.names[row.player_id]
                say(f"{name}: {player}: {row.shapley:,.0f} people, {row.share:.1%} of the gain")


def attribute(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity attribute`: attribute a scenario's gain to its projects."""
    study = requested_study(arguments, tick)
    pair = requested_pair(study, arguments)
    tick(SHARES)
    draws = study.settings.study.draws if arguments.draws is None else arguments.draws
    effort = SamplingEffort(draws, arguments.orders)
    attribution = attribution_results(study, pair, effort, tick=step_counter(tick, SHARES))
    if attribution is None:
        say(f"{pair.scenario_id} adds nothing to {pair.baseline_id}, or lacks some of it")
        return 0
    if arguments.buses:
        gaps = step_counter(tick, "gaps of the bus loops")
        attribution = with_bus_gaps(study, pair, attribution, orders=arguments.buses, tick=gaps)
    measure = main_measure(study)
    with results_folder(arguments.out) as folder:
        write_attribution(study, attribution, folder)
        layer = LayerFile("attribution", link_layer(study, attribution, measure), "player_id")
        write_layers([layer], folder)
    _say_largest(attribution, measure)
    return 0
