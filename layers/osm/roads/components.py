"""Parts of a network that are not joined to the rest."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def component_lengths(
    ends: np.ndarray, length_m: np.ndarray, use: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The part of the network that each street belongs to, whichever way it may be used.

    Parameters
    ----------
    ends
        n x 2 node numbers.
    length_m
        Metres of each street.
    use
        Which streets count.

    Returns
    -------
    ndarray
        Number of each street's part; -1 for streets that do not count.
    ndarray
        Metres of the part; 0 for streets that do not count.

    Examples
    --------
    >>> ends = np.array([[0, 1], [1, 2], [5, 6]])
    >>> part, metres = component_lengths(ends, np.array([10.0, 20.0, 5.0]), np.full(3, True))
    >>> metres.tolist(), bool(part[0] == part[1] != part[2])
    ([30.0, 30.0, 5.0], True)
    """
    count = int(ends.max(initial=-1)) + 1
    own = ends[use]
    links = coo_array((np.ones(len(own)), (own[:, 0], own[:, 1])), shape=(count, count))
    _, of_node = connected_components(links, directed=False)
    part = np.full(len(ends), -1)
    part[use] = of_node[own[:, 0]] if len(own) else part[use]
    metres = np.bincount(part[use], weights=length_m[use], minlength=1)
    return part, np.where(part >= 0, metres[part], 0.0)
