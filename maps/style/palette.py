"""Colours safe for colour-blind readers, and natural class breaks at round numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from mapclassify import FisherJenks

GAINS = ("#d3ece8", "#9fd6cd", "#58b3a9", "#1d877c", "#01544b")
LOSSES = ("#f6e6c1", "#e6c888", "#cf9c4b", "#a7671c", "#733f07")
NEUTRAL = "#eceae4"
"""Colours of change, ColorBrewer's BrBG: losses brown, gains teal, no change grey."""

LEVELS = ("#f3f1e4", "#d5e3c8", "#9ccbc0", "#5aa5b9", "#3a72a8", "#27408b")
"""Colours of levels, from low to high: light to dark, green to blue."""

CUTOFFS = ("#225ea8", "#41b6c4", "#a1dab4", "#f3f3b5")
"""Isochrones, nearest first: ColorBrewer's YlGnBu."""

KINDS = {
    "rail": "#c2185b",
    "people_mover": "#7b2fb5",
    "hsr": "#22262b",
    "road": "#23408e",
    "road_tunnel": "#23408e",
    "corridor": "#e08a00",
}
"""Colour by kind of project, also of existing routes of that kind."""

SAME = 0.5
"""Smaller changes, in people, count as none."""

Floats = npt.NDArray[np.float64]


def round_number(value: float) -> float:
    """A number rounded to two significant digits.

    Examples
    --------
    >>> [round_number(v) for v in (0.96, 14, 23456, -41000)]
    [0.96, 14.0, 23000.0, -41000.0]
    """
    return float(f"{value:.1e}")


def rounded_up(value: float) -> float:
    """A positive number rounded up to two significant digits.

    Examples
    --------
    >>> [rounded_up(v) for v in (0.96, 14, 341, 2103.4, 2700, 9910)]
    [0.96, 14.0, 350.0, 2200.0, 2700.0, 10000.0]
    """
    near = round_number(value)
    step = 10.0 ** (math.floor(math.log10(near)) - 1)
    return near if near >= value else round_number(near + step)


def _natural_breaks(
    values: Floats, count: int, rounded: Callable[[float], float] = round_number
) -> tuple[float, ...]:
    """Breaks of natural classes (Fisher-Jenks, by mapclassify), at round numbers.

    The maximum is no break; few distinct values give fewer classes.
    """
    distinct = len(np.unique(values))
    if distinct <= 1:
        return ()
    classes = FisherJenks(values, k=min(count, distinct))
    return tuple(sorted({rounded(v) for v in classes.bins[:-1]}))


def level_breaks(levels: Floats) -> tuple[float, ...]:
    """Breaks between classes of levels; zeros are left out.

    Examples
    --------
    >>> level_breaks(np.array([0.0, 1.0, 1.0, 2.0, 40.0, 41.0]))
    (1.0, 2.0, 40.0)
    """
    return _natural_breaks(levels[levels > 0], len(LEVELS))


def change_breaks(change: Floats) -> tuple[float, ...]:
    """Breaks between classes of change, the same for gains and losses.

    Natural breaks of the absolute changes, at round numbers; zones without change are left out.

    Examples
    --------
    >>> change_breaks(np.array([0.0, 11.0, -190.0, 2100.0, 5200.0]))
    (11.0, 190.0, 2100.0)
    >>> change_breaks(np.array([0.0, 7.0]))
    ()
    """
    sizes = np.abs(change[np.isfinite(change)])
    return _natural_breaks(sizes[sizes >= SAME], len(GAINS))


def few_breaks(change: Floats) -> tuple[float, ...]:
    """As `change_breaks`, but rounded up, so that the largest value of a class stays in it.

    Examples
    --------
    >>> few_breaks(np.array([0.0, 406.0, 2103.0, -2676.0, 7433.0, 7880.0, 30365.0]))
    (410.0, 2200.0, 2700.0, 7900.0)
    """
    sizes = np.abs(change[np.isfinite(change)])
    return _natural_breaks(sizes[sizes >= SAME], len(GAINS), rounded_up)


def change_classes(change: Floats, breaks: tuple[float, ...]) -> list[int]:
    """Class of each change: 0 none, 1 and up gains, -1 and down losses.

    Examples
    --------
    >>> change_classes(np.array([0.1, 4.0, 60.0, -60.0]), (10.0, 50.0))
    [0, 1, 3, -3]
    """
    known = np.nan_to_num(change)
    sizes = np.searchsorted(breaks, np.abs(known), side="left") + 1
    classes = np.where(np.abs(known) < SAME, 0, np.sign(known) * sizes)
    return [int(value) for value in classes]


def change_color(number: int, count: int) -> str:
    """Colour of a class, with `count` classes of gains and as many of losses.

    Examples
    --------
    >>> change_color(0, 5), change_color(2, 2) == GAINS[-1], change_color(-5, 5) == LOSSES[-1]
    ('#eceae4', True, True)
    """
    if number == 0:
        return NEUTRAL
    ramp = GAINS if number > 0 else LOSSES
    return ramp[len(ramp) - 1 - round((count - abs(number)) * len(ramp) / max(count, len(ramp)))]


def change_label(number: int, breaks: tuple[float, ...]) -> str:
    """Label of a class: its range.

    Examples
    --------
    >>> [change_label(n, (10.0, 5000.0)) for n in (3, 2, 1, 0, -3)]
    ['> +5,000', '+10 – +5,000', '0 – +10', '0', '< −5,000']
    >>> change_label(-1, ())
    '< 0'
    """
    if number == 0:
        return "0"
    sign, size = ("+", number) if number > 0 else ("−", -number)
    if not breaks:
        return "> 0" if number > 0 else "< 0"
    if size > len(breaks):
        return f"{'>' if number > 0 else '<'} {sign}{breaks[-1]:,.0f}"
    low = f"{sign}{breaks[size - 2]:,.0f}" if size > 1 else "0"
    return f"{low} – {sign}{breaks[size - 1]:,.0f}"
