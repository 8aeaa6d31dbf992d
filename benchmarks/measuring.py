"""Questions asked side by side, and what comes of it as a table."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

RUNS = 5
MINUTE, SECOND = 60.0, 1.0


def clocked(ask: Callable[[], object]) -> Callable[[], float]:
    """A function that asks and says how many seconds it took.

    What others left behind is none of its business: the collector of garbage does not look at it.
    """

    def measure() -> float:
        gc.collect()
        gc.freeze()
        start = time.perf_counter()
        ask()
        return time.perf_counter() - start

    return measure


@dataclass(frozen=True)
class Contender:
    """Somebody who answers the question, or a part of it.

    Attributes
    ----------
    measure
        Answers once, and says how many seconds it took.
    times
        How many such parts make the question; what is not 1 is marked as extrapolated.
    """

    measure: Callable[[], float]
    times: float = 1.0


@dataclass(frozen=True)
class Goal:
    """What shall be reached: seconds at most, or times as quick as somebody at least.

    Attributes
    ----------
    secs
        At most.
    ratios
        By contender: how many times longer it takes at least.
    within
        By contender: how many times as long as it ours takes at most.
    """

    secs: float | None = None
    ratios: Mapping[str, float] = field(default_factory=dict)
    within: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    job: str
    ours: str
    beside: str = ""
    theirs: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None

    def cells(self) -> list[str]:
        """The line's texts."""
        met = {None: "", True: "yes", False: "**no**"}[self.met]
        return [self.job, self.ours, self.beside, self.theirs, self.ratio, self.goal, met]


HEAD = ("job", "scicity", "beside", "takes", "ratio", "goal", "met")


def markdown(lines: Sequence[Line]) -> str:
    """The lines as a Markdown table."""
    rows = [list(HEAD), ["---"] * len(HEAD), *(line.cells() for line in lines)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def said(secs: float) -> str:
    """Seconds for people.

    Examples
    --------
    >>> said(0.0052), said(0.25), said(12.4), said(600)
    ('5.2 ms', '250 ms', '12.4 s', '10.0 min')
    """
    if secs >= 2 * MINUTE:
        return f"{secs / MINUTE:.1f} min"
    if secs >= SECOND:
        return f"{secs:.3g} s"
    return f"{secs * 1e3:.3g} ms"


@dataclass(frozen=True)
class Measured:
    """Seconds of one contender for the whole question.

    Attributes
    ----------
    secs
        The median.
    ratio
        The median of how many times as long as ours, asked just before, it took.
    extrapolated
        Whether it answered a part only.
    """

    secs: float
    ratio: float
    extrapolated: bool


def alternating(
    ours: Contender, others: Mapping[str, Contender], runs: int = RUNS
) -> tuple[list[float], dict[str, Measured]]:
    """Everybody in turn, and all of them again, ours before each other.

    Each answers once before it is measured. Returns the seconds of all our runs, and what was
    measured of the others.
    """
    own, theirs = [], {name: [] for name in others}
    for contender in (ours, *others.values()):
        contender.measure()
    for _ in range(runs):
        for name, other in others.items():
            own.append(ours.measure() * ours.times)
            theirs[name].append((other.measure() * other.times, own[-1]))
        if not others:
            own.append(ours.measure() * ours.times)
    return own, {
        name: Measured(
            statistics.median(secs for secs, _ in pairs),
            statistics.median(secs / before for secs, before in pairs),
            others[name].times != 1.0,
        )
        for name, pairs in theirs.items()
    }


def lines_of(
    job: str, own: Sequence[float], beside: Mapping[str, Measured], goal: Goal
) -> list[Line]:
    """The lines of one job: its own first, then one for each whom it was measured beside."""
    middle = statistics.median(own)
    spread = f"{said(middle)} ({said(min(own))} to {said(max(own))})"
    wanted = "" if goal.secs is None else f"≤ {said(goal.secs)}"
    lines = [Line(job, spread, goal=wanted, met=None if goal.secs is None else middle <= goal.secs)]
    for name, found in beside.items():
        takes = said(found.secs) + (" *" if found.extrapolated else "")
        if name in goal.within:
            share, most = 1 / found.ratio, goal.within[name]
            line = Line("", "", name, takes, f"{share:.2f} of ours to it", f"≤ {most:g}")
            lines.append(replace(line, met=share <= most))
            continue
        least = goal.ratios.get(name)
        line = Line("", "", name, takes, f"{found.ratio:.3g} ×")
        if least is not None:
            line = replace(line, goal=f"≥ {least:g} ×", met=found.ratio >= least)
        lines.append(line)
    return lines


def floor_line(own: Sequence[float], size: float, bandwidth: float) -> Line:
    """How far ours is from the time that the bytes it touches need at the memory's bandwidth."""
    floor = size / bandwidth
    title = f"memory: {size / 1e6:,.3g} MB at {bandwidth / 1e9:.0f} GB/s"
    ratio = f"{statistics.median(own) / floor:.3g} of ours to it"
    return Line("", "", title, said(floor), ratio)
