"""Lines on islands, so that nobody can walk instead, and the times that they make."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from ascii_worlds import World, world
from hypothesis import strategies as st
from travel_times_between import times

from analysis.graph.travel import Band
from analysis.routing.arcs import STEP_SECS
from layers.transit import Period, TransitRoute

BANDS: dict[Band, Fraction] = {
    "best": Fraction(0),
    "expected": Fraction(1, 2),
    "worst": Fraction(1),
}
ISLANDS = """
    A-----B   C-----D   E-----F
    """
SECS = st.integers(1, 900).map(float)
HEADWAYS = st.integers(30, 3_600).map(float)
SCALES = st.sampled_from([20.0, 200.0, 500.0])
NEAR = STEP_SECS / 2
EACH_BAND = st.sampled_from(list(BANDS))


@cache
def islands(scale_m: float) -> World:
    """A street of six characters is 1.5 x `scale_m` metres."""
    return world(ISLANDS, scale_m=scale_m)


def asked(
    start: str,
    end: str,
    *routes: TransitRoute,
    band: Band = "expected",
    scale_m: float = 200.0,
    period: Period = "peak",
) -> float:
    """Seconds between two places by transit."""
    here = islands(scale_m)
    places = here.at(dict.fromkeys(start + end))
    found = times(here.network(*routes), places, mode="transit", band=band, period=period)
    return float(found.loc[start, end])
