"""What holds whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.routing.hierarchy.cache import Hierarchies
from layers.assumptions import Assumptions


@dataclass(frozen=True)
class Conditions:
    """Peak volumes at the crossings, the assumptions, and what questions share.

    Attributes
    ----------
    volumes
        `layers.screenlines.VOLUME_COLUMNS`.
    assumptions
        Speeds and limits.
    hierarchies
        Node orders and hierarchies already made, so that scenarios need no new ones.
    """

    volumes: pd.DataFrame
    assumptions: Assumptions
    hierarchies: Hierarchies = field(default_factory=Hierarchies, compare=False, repr=False)
