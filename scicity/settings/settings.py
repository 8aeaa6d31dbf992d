"""The settings of a study: what its study.toml holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from geo.datums import Datum
from geo.formats.vector_files import layer_files
from layers.assumptions import Assumptions
from scicity.settings.rules import STUDY_FILE
from scicity.settings.sections import (
    FileSettings,
    GroupSettings,
    OpportunitySettings,
    OsmSettings,
    PartnerSettings,
    ScenarioSettings,
    StudySettings,
    UncertainSettings,
)

FileName = Literal[
    "areas",
    "districts",
    "road_nodes",
    "road_edges",
    "screenlines",
    "projects",
    "places",
    "population",
    "opportunities",
]
"""Keys of `[files]` that hold one path; `transit` holds a list."""
SINGLE_FILES: tuple[FileName, ...] = tuple(n for n in get_args(FileName) if n != "projects")
"""Those that are files; `projects` is a folder."""


@dataclass(frozen=True)
class Settings:
    """The settings of a study, see `scicity.settings.parsing`.

    Attributes
    ----------
    folder
        The study's folder; paths of its files are relative to it.
    study, files
        Sections that every study has.
    scenarios, opportunities
        By id.
    osm
        None for a study with road files of its own.
    assumptions
        Values with their sources.
    datums
        Declared datums by the name of a file or an opportunity, see `geo.datums`: one, or one
        for each file of `transit`.
    groups
        Projects judged as one, by id.
    partners
        Places that must reach each other; None if none are named.
    uncertain
        What assumed values may be instead, by name.
    missing
        Required keys that could not be read, such as `study.origin`: their attributes hold
        placeholders. Empty for a study without faults.
    """

    folder: Path
    study: StudySettings
    files: FileSettings
    scenarios: Mapping[str, ScenarioSettings]
    opportunities: Mapping[str, OpportunitySettings]
    osm: OsmSettings | None
    assumptions: Assumptions
    datums: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, GroupSettings]
    partners: PartnerSettings | None
    uncertain: Mapping[str, UncertainSettings]
    missing: frozenset[str]

    def path(self, name: FileName) -> Path:
        """The path of one of the study's files."""
        return self.folder / str(getattr(self.files, name))

    def transit_paths(self) -> list[Path]:
        """The paths of the files of `transit`."""
        return [self.folder / file for file in self.files.transit]

    def count_paths(self) -> dict[str, Path]:
        """The paths of the files of counts, by the opportunity that names each."""
        named = {name: entry.file for name, entry in self.opportunities.items()}
        return {name: self.folder / file for name, file in named.items() if file is not None}

    def has(self, name: FileName) -> bool:
        """Whether the study names a file."""
        return getattr(self.files, name) is not None

    def osm_section(self) -> OsmSettings:
        """The section `[osm]` of a study that has one.

        Raises
        ------
        LookupError
            If it has none.
        """
        if self.osm is None:
            raise LookupError(f"{self.folder / STUDY_FILE} has no section [osm]")
        return self.osm

    def datum(self, name: str) -> Datum:
        """The datum of one file, folder or opportunity; None if none is declared."""
        return next(iter(self.datums.get(name, ())), None)

    def transit_datums(self) -> list[Datum]:
        """The datum of each file of `transit`."""
        declared: tuple[Datum, ...] = self.datums.get("transit", (None,))
        return list(declared * len(self.files.transit) if len(declared) == 1 else declared)

    def input_paths(self) -> list[Path]:
        """Every file that the study reads, study.toml first."""
        single = [self.path(name) for name in SINGLE_FILES if self.has(name)]
        paths = [self.folder / STUDY_FILE, *single, *self.transit_paths()]
        paths += [self.folder / self.osm.file] if self.osm else []
        paths += self.count_paths().values()
        paths = [part for path in paths for part in layer_files(path)]
        return paths + sorted(self.path("projects").glob("*.geojson"))

    def datums_of_files(self) -> dict[Path, Datum]:
        """The datum of every file of `[files]` and `[opportunities]` that has positions."""
        datums = {self.path(name): self.datum(name) for name in SINGLE_FILES if self.has(name)}
        datums |= dict(zip(self.transit_paths(), self.transit_datums(), strict=True))
        datums |= {path: self.datum(name) for name, path in self.count_paths().items()}
        projects = sorted(self.path("projects").glob("*.geojson"))
        return datums | dict.fromkeys(projects, self.datum("projects"))
