"""Inverse of a mapping that displaces every point by little."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

LonLat = tuple[NDArray[np.float64], NDArray[np.float64]]

TOLERANCE_DEG = 3e-14
"""About 3e-9 m on the ground, two spacings of doubles at China's longitudes."""
ROUNDS = 40


def inverse(
    image: Callable[[NDArray[np.float64], NDArray[np.float64]], LonLat],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> LonLat:
    """The points with given images, by fixed-point iteration.

    Each step corrects the estimate by the error of its image, until that is within
    `TOLERANCE_DEG`.

    Parameters
    ----------
    image
        The mapping, degrees to degrees; it displaces neighbouring points nearly alike.
    lon, lat
        Degrees of the images.

    Examples
    --------
    >>> inverse(lambda x, y: (x + 0.01, y + 0.001 * x), np.array([100.01]), np.array([30.1]))
    (array([100.]), array([30.]))
    """
    estimate_lon, estimate_lat = lon, lat
    for _ in range(ROUNDS):
        image_lon, image_lat = image(estimate_lon, estimate_lat)
        east, north = lon - image_lon, lat - image_lat
        estimate_lon, estimate_lat = estimate_lon + east, estimate_lat + north
        if np.all(np.abs(east) + np.abs(north) <= TOLERANCE_DEG):
            break
    return estimate_lon, estimate_lat
