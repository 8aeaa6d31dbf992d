"""Elements in memory and the part of Overpass QL that OSMnx writes, evaluated on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import shapely

Item = dict[str, Any]
Key = tuple[str, int]
ORDER = ("node", "way", "relation")


class Database:
    """Elements by kind and id, and which of them have a key or meet a polygon."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items: dict[Key, Item] = {(item["type"], item["id"]): item for item in items}
        self.with_tag: dict[tuple[str, str], set[Key]] = {}
        for key, item in self.items.items():
            for tag in item.get("tags", {}):
                self.with_tag.setdefault((key[0], tag), set()).add(key)
        self._met: dict[str, set[Key]] = {}

    def below(self, key: Key) -> list[Key]:
        """Members and nodes that are there; not relations, as with Overpass's `>`."""
        item = self.items[key]
        members = [(m["type"], m["ref"]) for m in item.get("members", [])]
        found = [("node", ref) for ref in item.get("nodes", [])] + members
        return [k for k in found if k[0] != "relation" and k in self.items]

    def down(self, keys: Iterable[Key]) -> set[Key]:
        """Everything below them and below that."""
        found = {below for key in keys for below in self.below(key)}
        return found | {node for key in found for node in self.below(key)}

    @cached_property
    def _shapes(self) -> tuple[list[Key], np.ndarray]:
        at = {k: (i["lon"], i["lat"]) for k, i in self.items.items() if k[0] == "node"}
        keys, shapes = [], []
        for key in self.items:
            spots = [at[key]] if key in at else [at[k] for k in self.below(key) if k in at]
            if key[0] != "relation" and spots:
                keys.append(key)
                shapes.append(shapely.LineString(spots if len(spots) > 1 else spots * 2))
        return keys, np.array(shapes)

    def met(self, polygon: str) -> set[Key]:
        """Nodes in a polygon, ways that meet it, relations with a member that does."""
        if polygon not in self._met:
            numbers = np.array(polygon.split(), dtype=float).reshape(-1, 2)
            area = shapely.Polygon(numbers[:, ::-1])
            shapely.prepare(area)
            keys, shapes = self._shapes
            hit = shapely.intersects(area, shapes).tolist()
            found = {key for key, meets in zip(keys, hit, strict=True) if meets}
            above = {k for k in self.items if k[0] == "relation" and found & set(self.below(k))}
            self._met[polygon] = found | above
        return self._met[polygon]


class BadQueryError(ValueError):
    """The query is not understood."""


TOKEN = re.compile(
    r"""(?P<open>\() | (?P<close>\);) | (?P<down>>;) | (?P<same>\._;)
    | (?P<kind>node|way|relation) (?P<filters>(?:\[[^\]]*\])*)
      \(poly:(?P<quote>['"])(?P<poly>.*?)(?P=quote)\);
    """,
    re.VERBOSE,
)
FILTER = re.compile(r"""\[(['"])(?P<key>.+?)\1(?:(?P<how>=|!~|~)(['"])(?P<value>.*?)\4)?\]""")
QUERY = re.compile(r"(?P<settings>(?:\[\w+:[^\]]+\])+);(?P<body>.*)out;")


class Query:
    """One query, evaluated statement by statement."""

    def __init__(self, database: Database, text: str) -> None:
        found = QUERY.fullmatch(text)
        if not found or "[out:json]" not in found["settings"]:
            raise BadQueryError(text[:200])
        self.database = database
        self.last: set[Key] = set()
        self.tokens = iter(self._tokens(found["body"]))

    @staticmethod
    def _tokens(body: str) -> Iterator[re.Match[str]]:
        at = 0
        while at < len(body):
            token = TOKEN.match(body, at)
            if token is None:
                raise BadQueryError(f"at {at}: {body[at : at + 60]}")
            yield token
            at = token.end()

    def result(self) -> list[Item]:
        """The elements, nodes first, in the order of their ids."""
        for token in self.tokens:
            self._run(token)
        keys = sorted(self.last, key=lambda key: (ORDER.index(key[0]), key[1]))
        return [self.database.items[key] for key in keys]

    def _run(self, token: re.Match[str]) -> None:
        """One statement; its result becomes the set that the next may start from."""
        if token["open"]:
            self.last = self._union()
        elif token["down"]:
            self.last = self.database.down(self.last)
        elif token["kind"]:
            self.last = self._selected(token)
        elif token["close"]:
            raise BadQueryError("a union ends that did not begin")

    def _union(self) -> set[Key]:
        found: set[Key] = set()
        for token in self.tokens:
            if token["close"]:
                return found
            self._run(token)
            found |= self.last
        raise BadQueryError("a union does not end")

    def _selected(self, token: re.Match[str]) -> set[Key]:
        filters = list(FILTER.finditer(token["filters"]))
        if "".join(f[0] for f in filters) != token["filters"]:
            raise BadQueryError(token["filters"])
        found = self.database.met(token["poly"])
        for one in filters:
            if one["how"] != "!~":
                found = found & self.database.with_tag.get((token["kind"], one["key"]), set())
        return {
            key
            for key in found
            if key[0] == token["kind"] and all(self._passes(key, one) for one in filters)
        }

    def _passes(self, key: Key, one: re.Match[str]) -> bool:
        value = self.database.items[key].get("tags", {}).get(one["key"])
        if one["how"] == "=":
            return bool(value == one["value"])
        if one["how"] is None:
            return value is not None
        matches = value is not None and re.search(one["value"], value) is not None
        return matches == (one["how"] == "~")
