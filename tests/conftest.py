"""What several tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scicity.study import Study, bundled_study, read_study


@pytest.fixture(scope="session")
def study() -> Study:
    """The bundled study."""
    return read_study(bundled_study())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the bundled study that a test may spoil; its path holds a space and Chinese."""
    folder = tmp_path / "my 研究"
    ignored = shutil.ignore_patterns("build", "source", "__pycache__")
    shutil.copytree(bundled_study(), folder, ignore=ignored)
    return folder
