"""Measures of accessibility: what is counted, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np

from geo.faults import Fault, check_faults, shown
from geo.points import choice_faults

KINDS = ("cumulative", "gravity", "nearest")


@dataclass(frozen=True)
class Measure:
    """One number for every zone.

    Attributes
    ----------
    name
        Stem of the columns: `people_2700`, `people_gravity`, `hospitals_nearest`.
    kind
        `cumulative` (count within a cutoff), `gravity` (weighted by a negative exponential) or
        `nearest` (seconds to the k-th nearest).
    opportunity
        Column of the zones that is reached.
    value
        Seconds of the cutoff or of the half-life; k for `nearest`.
    """

    name: str
    kind: str
    opportunity: str
    value: float

    def __post_init__(self) -> None:
        """Refuse a kind that is none.

        Raises
        ------
        BadInputError
            With the kinds allowed.
        """
        faults = choice_faults({"kind": (self.kind, KINDS)})
        least = {"cumulative": 0, "nearest": 1}.get(self.kind, 1e-9)
        is_number = isinstance(self.value, Real) and not isinstance(self.value, bool)
        whole = self.kind != "nearest" or (is_number and float(self.value).is_integer())
        if not is_number or not least <= self.value < np.inf or not whole:
            message = f"{self.name}: it is {shown(self.value)}"
            allowed = "seconds, more than 0 for gravity; 1, 2, … for nearest"
            faults.append(Fault("value", "", "value-out-of-range", message, allowed))
        check_faults(faults)


def default_measures(
    opportunities: Sequence[str], cutoffs_secs: Sequence[float], gravity_half_secs: float
) -> list[Measure]:
    """People within every cutoff, the rest within the middle one, gravity and nearest.

    Examples
    --------
    >>> [m.name for m in default_measures(["hospitals"], [1800, 2700], 1200)]
    ['people_1800', 'people_2700', 'people_gravity', 'hospitals_2700', 'hospitals_nearest']
    """
    middle = sorted(cutoffs_secs)[len(cutoffs_secs) // 2]
    measures = [
        Measure(f"people_{cutoff:g}", "cumulative", "population", cutoff) for cutoff in cutoffs_secs
    ]
    measures.append(Measure("people_gravity", "gravity", "population", gravity_half_secs))
    for name in opportunities:
        measures.append(Measure(f"{name}_{middle:g}", "cumulative", name, middle))
        measures.append(Measure(f"{name}_nearest", "nearest", name, 1))
    return measures
