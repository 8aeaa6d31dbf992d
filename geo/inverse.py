"""The point whose image is known, for maps that move every point by little."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]

TOLERANCE_DEG = 3e-14
"""About 3e-9 m on the ground, two spacings of doubles at China's longitudes."""
ROUNDS = 40


def inverse(
    image: Callable[[NDArray[np.float64], NDArray[np.float64]], Pair],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> Pair:
    """Fixed-point iteration: the point is moved by what its image lacks, until that is nothing.

    Parameters
    ----------
    image
        Degrees in, degrees out; it moves neighbours nearly alike.
    lon, lat
        Degrees of the images.

    Examples
    --------
    >>> inverse(lambda x, y: (x + 0.01, y + 0.001 * x), np.array([100.01]), np.array([30.1]))
    (array([100.]), array([30.]))
    """
    true_lon, true_lat = lon, lat
    for _ in range(ROUNDS):
        image_lon, image_lat = image(true_lon, true_lat)
        east, north = lon - image_lon, lat - image_lat
        true_lon, true_lat = true_lon + east, true_lat + north
        if np.all(np.abs(east) + np.abs(north) <= TOLERANCE_DEG):
            break
    return true_lon, true_lat
