"""All bad inputs, and the one that docs/check.md shows of each code."""

from __future__ import annotations

from bad_inputs.attribution_cases import ATTRIBUTION
from bad_inputs.base import Spoil
from bad_inputs.file_cases import FILES
from bad_inputs.layer_cases import LAYERS
from bad_inputs.study_cases import STUDY

CASES: dict[str, tuple[Spoil, str]] = {**ATTRIBUTION, **STUDY, **LAYERS, **FILES}
SHOWN = {code: name for name, (_, code) in CASES.items()}
"""The last case of each code."""
