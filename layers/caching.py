"""Two caches: by identity while the key lives, and least recently used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

Key = TypeVar("Key")
Value = TypeVar("Value")


def cached_by_identity(function: Callable[[Key], Value]) -> Callable[[Key], Value]:
    """A function of one immutable object, evaluated once for each object.

    Objects are compared by identity. The value must not refer to the object, or neither is ever
    freed.

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
    values: WeakKeyDictionary[Key, Value] = WeakKeyDictionary()

    @wraps(function)
    def cached(key: Key) -> Value:
        if key not in values:
            values[key] = function(key)
        return values[key]

    return cached


class LruCache(Generic[Value]):
    """A cache of the `most` recently used values.

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
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(
        self,
        key: Hashable,
        make: Callable[[], Value],
        *,
        fits: Callable[[Value], bool] = lambda _: True,
    ) -> Value:
        """The value of a key, computed if it is not cached or `fits` rejects the cached one."""
        with self._lock:
            value = self._values.pop(key, None)
            if value is None or not fits(value):
                value = make()
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            return value

    def __reduce__(self) -> tuple[type, tuple[int]]:
        """Nothing cached goes to another process."""
        return type(self), (self._most,)

    def values(self) -> list[Value]:
        """The cached values, the most recently used last."""
        return list(self._values.values())
