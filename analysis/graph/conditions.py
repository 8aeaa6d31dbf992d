"""Conditions shared by all questions: peak volumes, assumptions, windows, node orders."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.routing.hierarchy.cache import Hierarchies
from analysis.timetable.departure_window import Windows
from analysis.timetable.prepared import PreparedNetworks
from layers.assumptions import Assumptions


@dataclass(frozen=True)
class Conditions:
    """Peak volumes at the crossings, the assumptions, and the node orders that questions share.

    Attributes
    ----------
    volumes
        `layers.screenlines.VOLUME_COLUMNS`.
    assumptions
        Speeds and limits.
    hierarchies
        Cache of node orders and hierarchies, so that scenarios need no new ones.
    windows
        When one departs, where the network has a timetable.
    prepared
        Cache of networks with a timetable, so that several questions prepare them once.
    """

    volumes: pd.DataFrame
    assumptions: Assumptions
    hierarchies: Hierarchies = field(default_factory=Hierarchies, compare=False, repr=False)
    windows: Windows = field(default_factory=Windows)
    prepared: PreparedNetworks = field(default_factory=PreparedNetworks, compare=False, repr=False)
