"""The roads of one project, while the nodes of their ends are determined."""

from __future__ import annotations

from typing import Any

from layers.planned.road_draft import RoadDraft
from layers.planned.roads import PlannedRoads


class ProjectRoads:
    """The roads of one project, while the nodes of their ends are determined.

    `node_ids` are the nodes at the ends of `roads`; `known` marks those that existed before.
    """

    def __init__(self, roads: PlannedRoads, draft: RoadDraft) -> None:
        at_node = draft.nodes_at(roads.points)
        self.roads = roads
        self.known = [node is not None for node in at_node]
        self.node_ids = [node or f"{roads.project_id}.{n}" for n, node in enumerate(at_node)]
        self.records = [
            {**record, "u": self.node_ids[start], "v": self.node_ids[end]}
            for record, (start, end) in zip(roads.records, roads.ends, strict=True)
        ]
        self.merged: dict[str, str] = {}

    @property
    def loose(self) -> list[int]:
        """The ends of a single road that are at no existing node."""
        return [end for end in self.roads.single if not self.known[end]]

    def road_of(self, end: int) -> dict[str, Any]:
        """The first road with an end."""
        return self.records[self.roads.roads_at(end)[0]]

    def merge(self, node_id: str, target: str) -> None:
        """Replace the node of an end by another node."""
        self.merged[node_id] = target
        for record in self.records:
            for end in ("u", "v"):
                record[end] = target if record[end] == node_id else record[end]
