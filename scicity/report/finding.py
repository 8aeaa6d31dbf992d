"""What a planner should know of the results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One finding, in Chinese and English."""

    code: str
    feature: str
    zh: str
    en: str
