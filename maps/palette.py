"""Colours and classes: blind-safe hues, and class breaks at round numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

GAINS = ("#d3ece8", "#9fd6cd", "#58b3a9", "#1d877c", "#01544b")
LOSSES = ("#f6e6c1", "#e6c888", "#cf9c4b", "#a7671c", "#733f07")
NEUTRAL = "#eceae4"
"""Change: ColorBrewer's BrBG, loss brown, gain teal, no change grey."""

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
"""One hue a kind of project; existing lines of the kind have the same."""

QUANTILES = (0.2, 0.45, 0.7, 0.9)
SAME = 0.5
"""A smaller change, of people, is rounding."""

Floats = npt.NDArray[np.float64]


def round_number(value: float) -> float:
    """The nearest of 1, 2, 3, 5 times a power of ten.

    Examples
    --------
    >>> [round_number(v) for v in (0.9, 14, 23456, 41000)]
    [1.0, 10.0, 20000.0, 50000.0]
    """
    power = 10.0 ** np.floor(np.log10(value))
    choices = np.array([1, 2, 3, 5, 10]) * power
    return float(choices[np.abs(np.log(choices / value)).argmin()])


def change_breaks(change: Floats) -> tuple[float, ...]:
    """Where one class of change ends and the next begins, the same for gains and losses.

    Quantiles of the sizes of the changes, at round numbers; zones without change do not count.

    Examples
    --------
    >>> change_breaks(np.array([0.0, 11.0, -190.0, 2100.0, 5200.0]))
    (100.0, 1000.0, 2000.0, 5000.0)
    >>> change_breaks(np.array([0.0]))
    ()
    """
    sizes = np.abs(change[np.isfinite(change)])
    sizes = sizes[sizes >= SAME]
    if not len(sizes):
        return ()
    return tuple(sorted({round_number(v) for v in np.quantile(sizes, QUANTILES)}))


def change_classes(change: Floats, breaks: tuple[float, ...]) -> list[int]:
    """The class of each change: 0 none, 1 and up gains, -1 and down losses.

    Examples
    --------
    >>> change_classes(np.array([0.1, 4.0, 60.0, -60.0]), (10.0, 50.0))
    [0, 1, 3, -3]
    """
    known = np.nan_to_num(change)
    sizes = np.searchsorted(breaks, np.abs(known), side="right") + 1
    classes = np.where(np.abs(known) < SAME, 0, np.sign(known) * sizes)
    return [int(value) for value in classes]


def change_color(number: int, count: int) -> str:
    """The colour of a class where there are `count` classes on either side.

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
    """The range of a class, in words.

    Examples
    --------
    >>> [change_label(n, (10.0, 5000.0)) for n in (3, 2, 1, 0, -3)]
    ['> +5,000', '+10 – +5,000', '0 – +10', '0', '< −5,000']
    """
    if number == 0:
        return "0"
    sign, size = ("+", number) if number > 0 else ("−", -number)
    if size > len(breaks):
        return f"{'>' if number > 0 else '<'} {sign}{breaks[-1]:,.0f}"
    low = f"{sign}{breaks[size - 2]:,.0f}" if size > 1 else "0"
    return f"{low} – {sign}{breaks[size - 1]:,.0f}"
