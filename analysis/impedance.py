"""Impedance functions: weights that decrease with travel time.

Every function takes seconds and returns a weight between 0 and 1 that is 1 at 0 s and never rises.
"""

from __future__ import annotations

import numpy as np


def step(secs: np.ndarray, cutoff_secs: float) -> np.ndarray:
    """Step function: 1 within the cutoff, else 0 (cumulative opportunities).

    Examples
    --------
    >>> step(np.array([600.0, 601.0, np.inf]), 600).tolist()
    [1.0, 0.0, 0.0]
    """
    return np.asarray(secs <= cutoff_secs, dtype=float)


def negative_exponential(secs: np.ndarray, half_secs: float) -> np.ndarray:
    """Halving every `half_secs` (Hansen 1959, "How accessibility shapes land use").

    Examples
    --------
    >>> negative_exponential(np.array([0.0, 1200.0, np.inf]), 1200).tolist()
    [1.0, 0.5, 0.0]
    """
    return np.asarray(np.exp2(-secs / half_secs))


def linear(secs: np.ndarray, cutoff_secs: float) -> np.ndarray:
    """Linear decrease from 1 at 0 s to 0 at the cutoff.

    Examples
    --------
    >>> linear(np.array([0.0, 300.0, 900.0]), 600).tolist()
    [1.0, 0.5, 0.0]
    """
    return np.asarray(np.clip(1 - secs / cutoff_secs, 0.0, 1.0))
