"""The two networks that are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.graph.travel import Mode
from geo.faults import BadInputError, Fault, check_faults, shown
from layers.network import TransportNetwork
from layers.scenarios import Applied
from layers.transit import Period
from scicity.inputs.study import Study

EVALUATED_MODES: tuple[Mode, ...] = ("transit", "drive")
"""Modes of the evaluation: isochrones, accessibility, attribution, the map page."""
ZONE_TRAVELS: tuple[tuple[Mode, Period], ...] = (("transit", "peak"), ("drive", "peak"))


@dataclass(frozen=True)
class Pair:
    """The two networks that are compared, by the ids of their scenarios.

    `applied` also holds the joints of the scenario's projects.
    """

    baseline_id: str
    scenario_id: str
    baseline: TransportNetwork
    applied: Applied

    @property
    def scenario(self) -> TransportNetwork:
        """The network of the scenario."""
        return self.applied.network

    @property
    def both(self) -> tuple[tuple[str, TransportNetwork], ...]:
        """Id and network of each."""
        return ((self.baseline_id, self.baseline), (self.scenario_id, self.scenario))


def network_pair(study: Study, baseline_id: str, scenario_id: str) -> Pair:
    """The networks of two scenarios."""
    baseline, applied = study.network(baseline_id), study.applied(scenario_id)
    return Pair(baseline_id, scenario_id, baseline, applied)


def scenario_ids(
    study: Study, scenario: str | Sequence[str] | None, argument: str = "scenario"
) -> list[str]:
    """The ids of scenarios that a question names; the study's own scenario if it names none.

    Raises
    ------
    BadInputError
        For every id that the study has not, for one named twice, and if the list is empty.
    """
    if scenario is None:
        return [study.settings.study.scenario]
    ids: list[Any] = list(scenario) if isinstance(scenario, list | tuple) else [scenario]
    allowed = ", ".join(study.scenarios)
    no_ids = [name for name in ids if not isinstance(name, str)]
    if no_ids:
        message = f"it is {shown(no_ids[0])}"
        raise BadInputError([Fault(argument, "", "value-wrong-type", message, allowed)])
    faults = []
    for name in dict.fromkeys(ids):
        if name not in study.scenarios:
            message = f"there is no scenario {name!r}"
            faults.append(Fault(argument, name, "id-unknown", message, allowed))
        elif ids.count(name) > 1:
            faults.append(Fault(argument, name, "id-duplicate", "it is named twice", "each once"))
    if not ids:
        faults.append(Fault(argument, "", "value-out-of-range", "none is named", allowed))
    check_faults(faults)
    return ids


def named_pair(study: Study, scenario: str | None = None, baseline: str | None = None) -> Pair:
    """The networks of a scenario and of its baseline; the study's own where none is named.

    Raises
    ------
    BadInputError
        If there is no such scenario, or with every fault of its projects.
    """
    faults: list[Fault] = []
    ids = {"scenario": study.settings.study.scenario, "baseline": study.settings.study.baseline}
    for argument, name in (("scenario", scenario), ("baseline", baseline)):
        try:
            # a list is no id here, so it is refused as one
            if name is not None:
                (ids[argument],) = scenario_ids(study, [name], argument)
        except BadInputError as error:
            faults += error.faults
    check_faults(faults)
    return network_pair(study, ids["baseline"], ids["scenario"])


def check_adds(study: Study, pair: Pair) -> None:
    """Raise unless a scenario holds all projects of its baseline and at least one more.

    Raises
    ------
    BadInputError
    """
    built = set(study.scenarios[pair.baseline_id].project_ids)
    if not built < set(study.scenarios[pair.scenario_id].project_ids):
        message = f"it adds nothing to {pair.baseline_id}, or lacks some of it"
        allowed = "a scenario with all projects of the baseline and more"
        where = ("scenario", pair.scenario_id, "option-unused")
        raise BadInputError([Fault(*where, message, allowed)])
