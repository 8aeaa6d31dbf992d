"""Node orders and hierarchies that are already made: one order serves all scenarios of a study."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np

from analysis.routing.arcs import Graph
from analysis.routing.hierarchy.contraction import Hierarchy, Shortcuts, hierarchy, shortcuts
from analysis.routing.hierarchy.node_order import node_order
from geo.files import replacing

MOST_NEW = 0.1
"""A known order is used for streets of which at most this share of the nodes is new."""
KEPT = 8
"""Hierarchies kept in memory, the last used ones."""


T = TypeVar("T")


@dataclass(frozen=True)
class StreetNodes:
    """The nodes of the streets, in the order of their vertices.

    Attributes
    ----------
    ids
        Of the nodes, whatever they are called, each once.
    x, y
        Projected, metres.
    """

    ids: np.ndarray
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class _Order:
    """Node ids, ascending, and their ranks."""

    ids: np.ndarray
    rank: np.ndarray

    def ranks(self, nodes: StreetNodes) -> np.ndarray | None:
        """Ranks of nodes, the new ones before all others; None if too many are new.

        A new node splits a street or stands on a planned one: set aside first, it adds few arcs.
        """
        if len(self.ids) == 0:
            return None
        at = np.minimum(np.searchsorted(self.ids, nodes.ids), len(self.ids) - 1)
        known = self.ids[at] == nodes.ids
        if (~known).sum() > MOST_NEW * len(known):
            return None
        key = np.where(known, self.rank[at], -1)
        rank = np.empty(len(known), dtype=np.int32)
        rank[np.lexsort((nodes.ids, key))] = np.arange(len(known), dtype=np.int32)
        return rank


def _digest(*arrays: np.ndarray) -> str:
    found = hashlib.blake2b(digest_size=16)
    for array in arrays:
        # text by its letters, not by where they lie in memory
        plain = array.astype(str) if array.dtype == object else array
        found.update(str(plain.dtype).encode() + np.ascontiguousarray(plain).data)
    return found.hexdigest()


@dataclass
class Hierarchies:
    """What questions about one study share.

    Attributes
    ----------
    folder
        Where node orders are kept between runs; None keeps them in memory only.
    """

    folder: Path | None = None
    _orders: list[_Order] = field(default_factory=list, repr=False)
    _shortcuts: OrderedDict[str, Shortcuts] = field(default_factory=OrderedDict, repr=False)
    _made: OrderedDict[str, Hierarchy] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def of(self, graph: Graph, nodes: StreetNodes) -> Hierarchy:
        """The hierarchy of a graph's streets, made if need be."""
        tails, heads, costs = graph.street_arcs
        roads = _digest(nodes.ids, tails, heads)
        key = roads + _digest(costs)
        with self._lock:
            if key not in self._made:
                if roads not in self._shortcuts:
                    arcs = shortcuts(graph, self._ranks(graph, nodes))
                    _remember(self._shortcuts, roads, arcs)
                _remember(self._made, key, hierarchy(graph, self._shortcuts[roads]))
            self._made.move_to_end(key)
            return self._made[key]

    def knows(self, nodes: StreetNodes) -> bool:
        """Whether there is an order for these nodes in memory."""
        return any(order.ranks(nodes) is not None for order in self._orders)

    def _ranks(self, graph: Graph, nodes: StreetNodes) -> np.ndarray:
        for order in self._orders:
            rank = order.ranks(nodes)
            if rank is not None:
                return rank
        rank = self._new_order(graph, nodes)
        by_id = np.argsort(nodes.ids)
        self._orders.append(_Order(nodes.ids[by_id], rank[by_id]))
        return rank

    def _new_order(self, graph: Graph, nodes: StreetNodes) -> np.ndarray:
        """An order read from the folder, or made and kept there."""
        tails, heads, _ = graph.street_arcs
        if self.folder is None:
            return node_order(nodes.x, nodes.y, tails, heads)
        file = self.folder / f"order-{_digest(nodes.ids, nodes.x, nodes.y, tails, heads)}.npy"
        found = _read(file, len(nodes.ids))
        if found is None:
            found = node_order(nodes.x, nodes.y, tails, heads)
            _keep(file, found)
        return found


def _read(file: Path, count: int) -> np.ndarray | None:
    """The order that a file holds; None if there is none, or no whole one."""
    try:
        with file.open("rb") as kept:
            found: np.ndarray = np.lib.format.read_array(kept, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = found.dtype == np.int32 and found.shape == (count,)
    return found if fits and np.array_equal(np.sort(found), np.arange(count)) else None


def _remember(store: OrderedDict[str, T], key: str, value: T) -> None:
    store[key] = value
    while len(store) > KEPT:
        store.popitem(last=False)


def _keep(file: Path, rank: np.ndarray) -> None:
    """Write the order; where the folder cannot be written it is made again next time."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as temporary, temporary.open("wb") as to:
            np.save(to, rank, allow_pickle=False)
    except OSError:
        return
