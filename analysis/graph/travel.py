"""How one travels: mode, period of the day, and luck with waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.faults import check_faults
from geo.points import choice_faults
from layers.transit import PERIODS, Period

Mode = Literal["walk", "drive", "transit"]
Band = Literal["best", "expected", "worst"]
MODES: tuple[Mode, ...] = ("walk", "drive", "transit")
WAIT_SHARE: dict[Band, float] = {"best": 0.0, "expected": 0.5, "worst": 1.0}
"""Share of a headway that one waits at each boarding."""


@dataclass(frozen=True)
class Travel:
    """How one travels.

    Attributes
    ----------
    mode
        `walk`, `drive` or `transit` (walking included).
    period
        `peak` or `offpeak`: speeds of streets and headways.
    band
        Waiting at each boarding: none (`best`), half a headway (`expected`), a whole one
        (`worst`).
    """

    mode: Mode
    period: Period = "peak"
    band: Band = "expected"

    def __post_init__(self) -> None:
        """Refuse what is none of the modes, periods and bands.

        Raises
        ------
        BadInputError
            With the values allowed.
        """
        choices = {
            "mode": (self.mode, MODES),
            "period": (self.period, PERIODS),
            "band": (self.band, tuple(WAIT_SHARE)),
        }
        check_faults(choice_faults(choices))
