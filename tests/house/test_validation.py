"""docs/validation.md is what its script makes, and its figures agree."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "tools" / "make_validation.py"


@pytest.mark.slow
def test_figures_checked_by_separate_arithmetic_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPT.parent)
    made = runpy.run_path(str(SCRIPT))
    checks = made["checks"]()
    assert len(checks) >= 8
    assert [check.title for check in checks if not check.holds] == []
    assert made["RESULT"].read_text(encoding="utf-8") == made["validation"](checks)
