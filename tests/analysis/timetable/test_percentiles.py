"""Percentiles, means and shares over departures, against numpy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples

from analysis.timetable.service.lines import NEVER
from analysis.timetable.statistics import leave_late, percentiles, places_of, summaries

WANTED = np.array([0.0, 5.0, 25.0, 50.0, 95.0, 100.0])


def found_percentiles(secs: np.ndarray, wanted: np.ndarray = WANTED) -> np.ndarray:
    """Percentiles x destinations x origins."""
    found = np.empty((len(wanted), *secs.shape[:2]))
    percentiles(secs.astype(np.uint16), places_of(wanted, secs.shape[2]), found)
    return found


@given(st.integers(1, 130), st.integers(0, 2**32 - 1))
@examples(60)
def test_percentiles_are_those_of_numpy(samples: int, seed: int) -> None:
    secs = np.random.default_rng(seed).integers(0, 9_000, (3, 2, samples))
    expected = np.percentile(secs, WANTED, axis=2, method="hazen")
    np.testing.assert_allclose(found_percentiles(secs), expected, rtol=0, atol=1e-9)


def test_departures_that_never_arrive_are_the_longest() -> None:
    secs = np.array([[[600, NEVER, 300, NEVER]]])
    # ordered: 300, 600, never, never; the middle of the third lies at 62.5
    found = found_percentiles(secs, np.array([12.5, 37.5, 40.0, 62.5]))[:, 0, 0]
    assert found.tolist() == [300.0, 600.0, np.inf, np.inf]


@pytest.mark.parametrize("percentile", [5, 25, 50, 75, 95])
def test_waits_for_a_regular_bus_have_the_percentiles_of_a_uniform_wait(percentile: int) -> None:
    # a bus every ten minutes, at :03; two hours of departures at the middle of each minute
    departures = np.arange(30, 7_200, 60)
    waits = (180 - departures) % 600
    found = found_percentiles(waits[None, None], np.array([float(percentile)]))
    assert found.item() == 600 * percentile / 100


def test_summaries_are_of_the_departures_that_arrive() -> None:
    secs = np.array([[[600, NEVER, 300, 900], [NEVER] * 4]], dtype=np.uint16)
    found = np.empty((3, 1, 2))
    summaries(secs, found)
    assert found[:, 0, 0].tolist() == [300.0, 600.0, 0.75]
    assert found[:, 0, 1].tolist() == [np.inf, np.inf, 0.0]


def test_who_knows_the_timetable_leaves_late() -> None:
    # buses arrive at 1,000 and 2,000 s: those who left at 0 and 60 could have left at 120
    times = np.array([0, 60, 120, 180])
    secs = np.array([[[1_000, 940, 880, 1_820]]], dtype=np.uint16)
    leave_late(secs, times)
    assert secs.tolist() == [[[880, 880, 880, 1_820]]]


def test_who_arrives_later_leaves_no_later_for_it() -> None:
    secs = np.array([[[1_000, 1_000, NEVER, 500]]], dtype=np.uint16)
    leave_late(secs, np.array([0, 60, 120, 180]))
    assert secs.tolist() == [[[1_000, 1_000, NEVER, 500]]]
