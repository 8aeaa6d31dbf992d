"""Shares of three road projects, by averaging over all orders of building by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import pandas as pd
from by_hand import Check

from analysis.accessibility import accessibility_on
from analysis.change import EVERYWHERE
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.measures import Measure
from layers.scenarios import Scenario
from scicity.inputs.pair import network_pair
from scicity.inputs.study import Study
from scicity.results.attribution import Attribution, SamplingEffort, attribution_results

JUDGED = {"avenue": "Science Avenue", "HUXI": "Huxi tunnel", "KXC": "Kexuecheng tunnel"}
MEASURE = Measure("people_2700", "cumulative", "population", 2_700.0)
MODES = {"transit": "By transit", "drive": "By car"}
TOP = 3


def projects_of(study: Study, players: tuple[str, ...]) -> tuple[str, ...]:
    """The projects of some players, in the plan's order."""
    groups = study.settings.groups
    chosen = {p for name in players for p in (groups[name].projects if name in groups else [name])}
    return tuple(p for p in study.scenarios["plan"].project_ids if p in chosen)


def people_reached(study: Study, project_ids: tuple[str, ...]) -> float:
    """People within 45 minutes by car at the peak, on average over people: a network of its own."""
    network = study.plans.network_with(project_ids)
    zones, travel = study.zones(), Travel("drive")
    middles = zones.geometry.centroid
    routable = routable_network(network, middles, travel=travel, conditions=study.conditions)
    found = accessibility_on(routable.linked, zones, [MEASURE], limit_secs=MEASURE.value)
    people = zones["population"]
    return float((found[MEASURE.name] * people).sum() / people.sum())


def _shapley(found: Attribution, player: str, mode: str) -> float:
    table = found.shares
    own = (table["player_id"] == player) & (table["area_id"] == EVERYWHERE)
    own &= (table["measure"] == MEASURE.name) & (table["mode"] == mode)
    return float(table.loc[own, "shapley"].iloc[0])


def attribution_check(study: Study) -> Check:
    """Science Avenue's share beside two tunnels: eight networks, six orders."""
    values = {
        frozenset(some): people_reached(study, projects_of(study, some))
        for count in range(len(JUDGED) + 1)
        for some in combinations(JUDGED, count)
    }
    lines = [
        f"{' + '.join(JUDGED[name] for name in JUDGED if name in some) or 'nothing'}:"
        f" {value:,.3f} people"
        for some, value in values.items()
    ]
    added = []
    for order in permutations(JUDGED):
        before = frozenset(order[: order.index("avenue")])
        added.append(values[before | {"avenue"}] - values[before])
        lines.append(f"{', '.join(JUDGED[name] for name in order)}: it adds {added[-1]:,.3f}")
    three = Scenario("three", "", "", projects_of(study, tuple(JUDGED)))
    only = replace(study, scenarios={**study.scenarios, "three": three})
    found = attribution_results(only, network_pair(only, "today", "three"), SamplingEffort(0))
    return Check(
        "Science Avenue's Shapley value beside two tunnels, by car",
        "\n".join(f"- {line}" for line in lines),
        sum(added) / len(added),
        _shapley(found, "avenue", "drive") if found else float("nan"),
        "people within 45 minutes",
    )


def _for_whom(found: Attribution, people: pd.Series, mode: str) -> str:
    """The two planning areas with the largest shares of the plan's gain: people times gain."""
    table = found.changes
    own = table.loc[(table["measure"] == MEASURE.name) & (table["mode"] == mode)]
    gains = own.set_index("area_id")["gain"].drop(EVERYWHERE) * people
    shares = (gains / gains.sum()).sort_values(ascending=False, kind="stable").head(2)
    return ", ".join(f"{area} {share:.1%}" for area, share in shares.items())


def _pairs(found: Attribution, names: dict[str, str], mode: str) -> str:
    """Pairs that are more, or less, than their parts."""
    table = found.pairs
    own = table.loc[(table["measure"] == MEASURE.name) & (table["mode"] == mode)]
    return ", ".join(
        f"{names[row.first]} with {names[row.second]} ({row.kind}, {row.interaction:+,.0f})"
        for row in own.loc[own["kind"] != "apart"].itertuples()
    )


def plan_check(study: Study) -> Check:
    """What the whole plan's attribution says; its shares add up to the plan's change."""
    found = attribution_results(study, network_pair(study, "today", "plan"), SamplingEffort(0))
    if found is None:
        raise ValueError("the plan adds nothing")
    names = {player.player_id: player.name_en for player in found.players}
    lines, total = [], 0.0
    for mode, told in MODES.items():
        gains = {name: _shapley(found, name, mode) for name in names}
        whole = sum(gains.values())
        total = whole if mode == "drive" else total
        first = sorted(gains, key=lambda name: -gains[name])[:TOP]
        said = ", ".join(f"{names[n]} {gains[n]:,.0f} ({gains[n] / whole:.1%})" for n in first)
        lines.append(f"- {told} {whole:,.0f} people more within 45 minutes: {said}")
        people = study.zones().groupby("area_id")["population"].sum()
        lines.append(f"  - for whom, by share of the gain: {_for_whom(found, people, mode)}")
        lines.append(f"  - pairs: {_pairs(found, names, mode)}")
    lines.append("- How sure, by draws of the assumed values: [attribution.md](attribution.md)")
    plan = study.scenarios["plan"].project_ids
    return Check(
        "What brings most in the plan: all Shapley values add up to its change",
        "\n".join(lines),
        people_reached(study, plan) - people_reached(study, ()),
        total,
        "people within 45 minutes by car",
    )
