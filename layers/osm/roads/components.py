"""Connected components of a street network."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def component_lengths(
    ends: np.ndarray, length_m: np.ndarray, use: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The connected component of each street, ignoring one-way restrictions.

    Parameters
    ----------
    ends
        Node numbers of start and end: streets x 2.
    length_m
        The length of each street.
    use
        Mask of the streets that count.

    Returns
    -------
    ndarray
        The number of each street's component; -1 for streets that do not count.
    ndarray
        The length of that component; 0 for streets that do not count.

    Examples
    --------
    >>> ends = np.array([[0, 1], [1, 2], [5, 6]])
    >>> component, metres = component_lengths(ends, np.array([10.0, 20.0, 5.0]), np.full(3, True))
    >>> metres.tolist(), bool(component[0] == component[1] != component[2])
    ([30.0, 30.0, 5.0], True)
    """
    count = int(ends.max(initial=-1)) + 1
    used_ends = ends[use]
    links = coo_array(
        (np.ones(len(used_ends)), (used_ends[:, 0], used_ends[:, 1])), shape=(count, count)
    )
    _, node_component = connected_components(links, directed=False)
    component = np.full(len(ends), -1)
    component[use] = node_component[used_ends[:, 0]] if len(used_ends) else component[use]
    metres = np.bincount(component[use], weights=length_m[use], minlength=1)
    return component, np.where(component >= 0, metres[component], 0.0)
