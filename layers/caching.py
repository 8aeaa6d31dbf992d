"""What is computed once and remembered: as long as a thing lives, or until others are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

Thing = TypeVar("Thing")
Value = TypeVar("Value")


def cached_by_identity(function: Callable[[Thing], Value]) -> Callable[[Thing], Value]:
    """A function of one thing that never changes, called once for each such thing.

    Things are told apart by identity. The value must not hold the thing, or both live for ever.

    Examples
    --------
    >>> class Network:
    ...     streets = 3
    >>> calls = []
    >>> @cached_by_identity
    ... def twice(network):
    ...     calls.append(network)
    ...     return 2 * network.streets
    >>> here = Network()
    >>> twice(here), twice(here), len(calls)
    (6, 6, 1)
    """
    known: WeakKeyDictionary[Thing, Value] = WeakKeyDictionary()

    @wraps(function)
    def once(thing: Thing) -> Value:
        if thing not in known:
            known[thing] = function(thing)
        return known[thing]

    return once


class LruCache(Generic[Value]):
    """The values that were last asked for, at most so many.

    Examples
    --------
    >>> squares = LruCache(2)
    >>> [squares.get(n, lambda n=n: n * n) for n in (1, 2, 1, 3)]
    [1, 4, 1, 9]
    >>> squares.values()
    [1, 9]
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(
        self,
        key: Hashable,
        make: Callable[[], Value],
        *,
        fits: Callable[[Value], bool] = lambda _: True,
    ) -> Value:
        """The value of a key, made if it is not known or does not fit any more."""
        with self._lock:
            value = self._known.pop(key, None)
            if value is None or not fits(value):
                value = make()
            self._known[key] = value
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return value

    def values(self) -> list[Value]:
        """Those known, the last used one last."""
        return list(self._known.values())
