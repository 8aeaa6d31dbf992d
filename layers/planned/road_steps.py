"""Roads while those of projects come to them, one project after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.faults import Fault
from layers.planned.joining import Joining
from layers.planned.roads import PlannedRoads
from layers.projects import Project
from layers.transit import TransitRoute


@dataclass(frozen=True)
class RoadStep:
    """The roads after a project that changes them.

    Attributes
    ----------
    joining
        The roads so far.
    project
        The last one; None at the beginning.
    replaced
        The streets whose place it takes.
    faults
        What is wrong with its roads.
    """

    joining: Joining
    project: Project | None = None
    replaced: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    def with_project(self, project: Project, roads: PlannedRoads | None) -> RoadStep:
        """The roads with those of a project, if it has any, without those that it replaces."""
        replaced = tuple(old for old in project.replaces if self.joining.draft.of_ids([old]))
        if not replaced and roads is None:
            return RoadStep(self.joining, project)
        joining = self.joining.copy()
        joining.remove(replaced)
        faults = joining.add_roads(roads) if roads else []
        return RoadStep(joining, project, replaced, tuple(faults))

    def faults_beside(self, routes: Sequence[TransitRoute]) -> list[Fault]:
        """What it replaces that is neither a street nor one of the routes, and `faults`."""
        if self.project is None:
            return []
        known = {route.route_id for route in routes} | set(self.replaced)
        unknown = [
            Fault(self.project.file, "", "id-unknown", f"it replaces {old!r}, which does not exist")
            for old in self.project.replaces
            if old not in known
        ]
        return [*unknown, *self.faults]
