"""Build the files of the bundled study: `python -m data.build --facts PATH [--out data]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.build.boundaries import write_boundaries
from data.build.bus import write_bus
from data.build.facts import read_facts
from data.build.places import write_places
from data.build.population import write_population
from data.build.projects import write_projects
from data.build.rail import Railways, write_rail
from data.build.roads import write_roads
from data.build.screenlines import write_screenlines
from data.build.sources import write_sources


def build(facts_folder: Path, out: Path) -> None:
    """Write every file that the fact sheet gives."""
    facts = read_facts(facts_folder)
    boundaries, network, places = out / "boundaries", out / "network", out / "places"
    outline = boundaries / "source" / "core_outline.geojson"
    outline.parent.mkdir(parents=True, exist_ok=True)
    outline.write_text(facts.outline, encoding="utf-8", newline="\n")
    write_boundaries(boundaries)
    write_roads(facts, network)
    write_screenlines(facts, network)
    railways = Railways(facts)
    write_rail(railways, network)
    write_bus(facts, network)
    write_projects(facts, railways, out / "projects")
    write_places(facts, places)
    write_population(facts, railways, boundaries, places)
    write_sources(facts, out)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=Path, required=True, help="folder of the fact sheet")
    here = Path(__file__).parents[1]
    parser.add_argument("--out", type=Path, default=here, help="folder to fill (data)")
    asked = parser.parse_args()
    build(asked.facts, asked.out)


if __name__ == "__main__":
    main()
