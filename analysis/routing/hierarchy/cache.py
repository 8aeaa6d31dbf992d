"""Cache of node orders and hierarchies: one order serves all scenarios of a study."""

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
"""A cached order is used if at most this share of the street nodes is new."""
KEPT = 8
"""Number of hierarchies kept in memory: the last used ones."""


T = TypeVar("T")


@dataclass(frozen=True)
class StreetNodes:
    """The nodes of the streets, in the order of their vertices.

    Attributes
    ----------
    ids
        Node ids of any type, each once.
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
        """Ranks of nodes, new ones first; None if too many are new.

        A new node splits a street or is on a planned one: contracted first, it adds few arcs.
        """
        if len(self.ids) == 0:
            return None
        place = np.minimum(np.searchsorted(self.ids, nodes.ids), len(self.ids) - 1)
        known = self.ids[place] == nodes.ids
        if (~known).sum() > MOST_NEW * len(known):
            return None
        key = np.where(known, self.rank[place], -1)
        rank = np.empty(len(known), dtype=np.int32)
        rank[np.lexsort((nodes.ids, key))] = np.arange(len(known), dtype=np.int32)
        return rank


def _digest(*arrays: np.ndarray) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        # hash strings by their characters, not by their addresses
        values = array.astype(str) if array.dtype == object else array
        digest.update(str(values.dtype).encode() + np.ascontiguousarray(values).data)
    return digest.hexdigest()


@dataclass
class Hierarchies:
    """Node orders and hierarchies that all requests about one study share.

    Attributes
    ----------
    folder
        Folder for node orders between runs; None keeps them in memory only.
    """

    folder: Path | None = None
    _orders: list[_Order] = field(default_factory=list, repr=False)
    _shortcuts: OrderedDict[str, Shortcuts] = field(default_factory=OrderedDict, repr=False)
    _hierarchies: OrderedDict[str, Hierarchy] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        """Nothing cached goes to another process."""
        return type(self), ()

    def hierarchy(self, graph: Graph, nodes: StreetNodes) -> Hierarchy:
        """The hierarchy of a graph's streets, built if it is not cached."""
        tails, heads, costs = graph.street_arcs
        roads = _digest(nodes.ids, tails, heads)
        key = roads + _digest(costs)
        with self._lock:
            if key not in self._hierarchies:
                if roads not in self._shortcuts:
                    arcs = shortcuts(graph, self._ranks(graph, nodes))
                    _store(self._shortcuts, roads, arcs)
                _store(self._hierarchies, key, hierarchy(graph, self._shortcuts[roads]))
            self._hierarchies.move_to_end(key)
            return self._hierarchies[key]

    def has_order(self, nodes: StreetNodes) -> bool:
        """Whether an order for these nodes is in memory."""
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
        """An order read from the folder, or computed and written there."""
        tails, heads, _ = graph.street_arcs
        if self.folder is None:
            return node_order(nodes.x, nodes.y, tails, heads)
        file = self.folder / f"order-{_digest(nodes.ids, nodes.x, nodes.y, tails, heads)}.npy"
        rank = _read(file, len(nodes.ids))
        if rank is None:
            rank = node_order(nodes.x, nodes.y, tails, heads)
            _write(file, rank)
        return rank


def _read(file: Path, count: int) -> np.ndarray | None:
    """The order in a file; None if the file is missing or damaged."""
    try:
        with file.open("rb") as stream:
            rank: np.ndarray = np.lib.format.read_array(stream, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = rank.dtype == np.int32 and rank.shape == (count,)
    return rank if fits and np.array_equal(np.sort(rank), np.arange(count)) else None


def _store(store: OrderedDict[str, T], key: str, value: T) -> None:
    store[key] = value
    while len(store) > KEPT:
        store.popitem(last=False)


def _write(file: Path, rank: np.ndarray) -> None:
    """Write the order; if the folder cannot be written, it is computed again next time."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as temporary, temporary.open("wb") as stream:
            np.save(stream, rank, allow_pickle=False)
    except OSError:
        return
