"""Hundreds of bad inputs: each is told by its code, exits with 2 or 1, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bad_inputs.attribution_cases import ATTRIBUTION
from bad_inputs.base import Spoil, make_base, told
from bad_inputs.cases import CASES, SHOWN
from bad_inputs.file_cases import FILES
from bad_inputs.layer_cases import LAYERS
from bad_inputs.study_cases import STUDY

from geo.fault_codes import CODES
from geo.faults import errors
from scicity.inputs.read_study import study_with_faults

PAGE = (Path(__file__).parents[2] / "docs/check.md").read_text(encoding="utf-8")
WARNINGS = {
    "encoding-gbk",
    *("far-from-network", "end-not-joined", "counts-empty", "counts-outside", "raster-too-small"),
    *("route-not-running", "stop-jump", "hop-too-fast", "line-too-slow", "shape-off-stops"),
    *("service-date-outside", "trip-on-demand", "feed-part-unused", "block-overlap"),
    "times-impossible",
}
"""Codes that stop nothing."""
LEFT_OUT = {
    *("gtfs trip unknown", "gtfs stop twice", "gtfs sequence twice", "gtfs shape latitude"),
    "gtfs frequencies overlap",
}
"""Feeds of which a row is left out and the rest runs."""
QUICK = {*SHOWN.values(), *LEFT_OUT}
"""One case of each code at least."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base") / "study")


def test_the_base_is_sound(base: Path) -> None:
    _, faults = study_with_faults(base)
    assert faults == []


def test_there_are_enough() -> None:
    parts = (ATTRIBUTION, STUDY, LAYERS, FILES)
    assert len(CASES) == sum(map(len, parts)) >= 150


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PendingDeprecationWarning")
@pytest.mark.parametrize(
    ("name", "spoil", "code"),
    [
        pytest.param(name, *case, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for name, case in CASES.items()
    ],
)
def test_each_bad_input_is_told(
    base: Path, tmp_path: Path, name: str, spoil: Spoil, code: str
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(base, folder)
    spoil(folder)
    _, faults = study_with_faults(folder)
    found = [fault for fault in faults if fault.code == code]
    assert found, [str(fault) for fault in faults]
    assert {f.code for f in faults} <= set(CODES)
    told_only = code in WARNINGS or name in LEFT_OUT
    assert bool(errors(faults)) != told_only, [str(f) for f in faults]
    for fault in found:
        assert fault.file
        assert fault.message
        assert len(str(fault)) < 2_000
    if SHOWN[code] == name:
        assert f"\n    {told(found[0], folder)}\n" in PAGE, "run python docs/tools/make_check.py"
