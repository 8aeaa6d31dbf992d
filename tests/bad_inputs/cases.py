"""All bad inputs, and the one that docs/check.md shows of each code."""

from __future__ import annotations

from tests.bad_inputs.attribution_cases import ATTRIBUTION
from tests.bad_inputs.base import Spoil
from tests.bad_inputs.file_cases import FILES
from tests.bad_inputs.layer_cases import LAYERS
from tests.bad_inputs.study_cases import STUDY

CASES: dict[str, tuple[Spoil, str]] = {**ATTRIBUTION, **STUDY, **LAYERS, **FILES}
SHOWN = {code: name for name, (_, code) in CASES.items()}
"""The last case of each code."""
