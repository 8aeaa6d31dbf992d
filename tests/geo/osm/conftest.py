"""A server of a village, and the pauses that are made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from overpass_server import (
    OverpassServer,
)
from overpass_village import village


@pytest.fixture
def server() -> Iterator[OverpassServer]:
    with OverpassServer(village()) as running:
        yield running


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause, instead of making it; those of no length are not told."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", lambda secs: made.append(secs) if secs else None)
    return made
