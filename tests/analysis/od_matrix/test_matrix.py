"""Matrices in parts: the same rows as the table of travel times, whatever happens on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matrix_parts
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from ascii_worlds import world
from easy_values import conditions, easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from matrix_parts import LABELS, files, grid, matrix_of, rows_of, table_of
from network_parts import route, stops
from random_roads import points_near, random_roads
from travel_times_between import routable

from analysis.graph.travel import Travel
from analysis.od_matrix import folder as matrix_folder
from analysis.od_matrix.folder import PART_COLUMNS, SUMMARY, write_file, write_matrix
from analysis.od_matrix.matrix import MATRIX_COLUMNS, origins_a_part
from analysis.travel_time import travel_times
from layers.network import TransportNetwork


def test_three_places_by_hand(tmp_path: Path) -> None:
    """1 km takes 200 s; within 200 s one gets to the next place and no farther."""
    here = world("A---B---C")
    counts = write_matrix(
        matrix_of(routable(here.network(), here.places), limit_secs=200.0), tmp_path
    )
    found = table_of(tmp_path)
    assert found.to_numpy().tolist() == [
        ["A", "B", 200.0],
        ["B", "A", 200.0],
        ["B", "C", 200.0],
        ["C", "B", 200.0],
    ]
    assert list(counts.columns) == list(PART_COLUMNS)
    assert counts.to_numpy().tolist() == [[0, 0, 2, 3, 1], [1, 2, 1, 1, 1]]


def test_a_place_that_joins_nothing_has_no_rows(tmp_path: Path) -> None:
    here = world("""
        A---B

        x
    """)
    under = conditions(easy(snap_limit_m=300.0))
    write_matrix(matrix_of(routable(here.network(), here.at("AxB"), under=under)), tmp_path)
    assert table_of(tmp_path)[["from_id", "to_id"]].to_numpy().tolist() == [["A", "B"], ["B", "A"]]


def test_one_point_alone_has_no_pairs(tmp_path: Path) -> None:
    here = world("A---B")
    counts = write_matrix(matrix_of(routable(here.network(), here.at("A"))), tmp_path)
    assert counts.to_numpy().tolist() == [[0, 0, 1, 0, 0]]
    assert list(table_of(tmp_path).columns) == list(MATRIX_COLUMNS)
    assert table_of(tmp_path).empty


@examples(25)
@given(st.data())
def test_same_rows_as_the_table_of_travel_times(data: st.DataObject) -> None:
    """To the last bit, however the origins are divided."""
    roads = data.draw(random_roads())
    places = data.draw(points_near(roads, count=5))
    network = TransportNetwork(roads, stops(places.iloc[:0]), ())
    limit = data.draw(st.sampled_from([600.0, 1_200.0, 43_200.0]))
    under = conditions(easy(max_trip_secs=limit))
    expected = travel_times(network, places, travel=Travel("drive"), conditions=under)
    asked = routable(network, places, under=under)
    matrix = matrix_of(asked, limit_secs=limit, step=data.draw(st.integers(1, 6)))
    made = [matrix.part_file(part) for part in matrix.parts]
    rows = [row for item in made for row in rows_of(item.content)]
    assert rows == expected.table.to_numpy().tolist()
    assert sum(item.pairs for item in made) == len(expected.table)
    assert sum(item.missing for item in made) == len(expected.missing)


def test_transit_has_the_same_rows_too(tmp_path: Path) -> None:
    here = world("""
        A---B---C---D
        |           |
        E---F---G---H
    """)
    network = here.network(route("1", "ABCD", 120), route("2", "EFGH", 90, headway_secs=300))
    under = conditions(easy(max_trip_secs=600.0))
    expected = travel_times(network, here.places, travel=Travel("transit"), conditions=under)
    asked = routable(network, here.places, "transit", under=under)
    write_matrix(matrix_of(asked, limit_secs=600.0, step=3), tmp_path)
    assert len(expected.missing) > 0
    assert table_of(tmp_path).to_numpy().tolist() == expected.table.to_numpy().tolist()


# How the files are --------------------------------------------------------------------------


def test_parts_say_what_they_are(tmp_path: Path) -> None:
    matrix = grid(6, 30, step=8)
    counts = write_matrix(matrix, tmp_path)
    names = [f"part-{number:05}.parquet" for number in range(4)]
    assert sorted(files(tmp_path)) == [SUMMARY, *names]
    for row, name in zip(counts.itertuples(), names, strict=True):
        file = pq.read_metadata(tmp_path / name)
        about = {key.decode(): value.decode() for key, value in file.metadata.items()}
        assert about.items() >= LABELS.items()
        assert (about["limit_secs"], about["unit"]) == ("240.0", "seconds")
        assert (about["origins"], about["destinations"]) == (str(row.origins), "30")
        assert int(about["first_origin"]) == 8 * int(about["part"])
        assert int(about["pairs"]) == row.pairs == file.num_rows
        assert int(about["missing"]) == row.missing == 29 * row.origins - row.pairs
    summary = json.loads((tmp_path / SUMMARY).read_text(encoding="utf-8"))
    assert (summary["points"], summary["parts"]) == (30, 4)
    assert summary["pairs"] == counts["pairs"].sum() == ds.dataset(tmp_path).count_rows()
    assert summary["missing"] == counts["missing"].sum() > 0


def test_columns_are_ids_and_exact_seconds(tmp_path: Path) -> None:
    write_matrix(grid(4, 10, step=4), tmp_path)
    schema = ds.dataset(tmp_path).schema
    text = pa.dictionary(pa.int32(), pa.string())
    assert [(item.name, item.type) for item in schema] == [
        ("from_id", text),
        ("to_id", text),
        ("secs", pa.float64()),
    ]


def test_readers_skip_row_groups_by_origin(tmp_path: Path) -> None:
    write_matrix(grid(4, 10, step=4), tmp_path)
    group = pq.read_metadata(tmp_path / "part-00001.parquet").row_group(0)
    origins = group.column(0).statistics
    assert (origins.min, origins.max) == ("z4", "z7")


@given(st.integers(0, 10**7))
def test_parts_are_whole_batches_of_about_four_million_pairs(points: int) -> None:
    step = origins_a_part(points)
    assert step % 64 == 0
    assert step == 64 or step * points <= 2**22


# What happens on the way --------------------------------------------------------------------


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_matrix(grid(20, 300, step=64), tmp_path / name)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_a_run_that_was_broken_off_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full after three parts."""
    write_matrix(grid(8, 40, step=4), tmp_path / "whole")

    def full(folder: Path, name: str, content: bytes) -> None:
        if name >= "part-00003":
            raise OSError(28, "No space left on device")
        write_file(folder, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(matrix_folder, "write_file", full)
        with pytest.raises(OSError, match="No space left"):
            write_matrix(grid(8, 40, step=4), tmp_path / "broken")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "broken").iterdir()}
    assert [path.name for path in sorted(kept)] == [f"part-0000{k}.parquet" for k in range(3)]
    origins: list[int] = []
    write_matrix(grid(8, 40, step=4), tmp_path / "broken", origins.append)
    assert files(tmp_path / "broken") == files(tmp_path / "whole")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert sum(origins) == 40


def test_spoiled_and_left_over_files_are_made_good(tmp_path: Path) -> None:
    matrix = grid(8, 40, step=8)
    write_matrix(matrix, tmp_path)
    before = files(tmp_path)
    (tmp_path / "part-00001.parquet").write_bytes(before["part-00001.parquet"][:-9])
    (tmp_path / "part-00002.parquet").write_bytes(b"")
    (tmp_path / "part-00099.parquet").write_bytes(before["part-00003.parquet"])
    (tmp_path / ".part-00003.parquet.0123").write_bytes(b"half")
    pq.write_table(pa.table({"another": [1]}), tmp_path / "part-00004.parquet")
    write_matrix(matrix, tmp_path)
    assert files(tmp_path) == before


def test_another_question_starts_anew(tmp_path: Path) -> None:
    """Costs, limit, ids, labels and division: whatever changes, no old part stays."""
    matrix = grid(8, 40, step=8)
    graph = replace(matrix.linked.graph, costs=matrix.linked.graph.costs + 1)
    others = [
        replace(matrix, linked=replace(matrix.linked, graph=graph)),
        replace(matrix, limit_secs=200.0),
        replace(matrix, ids=tuple(f"y{number}" for number in range(40))),
        replace(matrix, labels=LABELS | {"mode": "walk"}),
        replace(matrix, step=20),
    ]
    assert len({item.key for item in (matrix, *others)}) == 6
    for number, other in enumerate(others):
        write_matrix(matrix, tmp_path / "changed")
        write_matrix(other, tmp_path / "changed")
        write_matrix(other, tmp_path / str(number))
        assert files(tmp_path / "changed") == files(tmp_path / str(number))


def test_memory_does_not_grow_with_the_matrix() -> None:
    """25 million pairs take 100 MB even as the engine's units, and 400 MB as a table."""
    pytest.importorskip("resource")
    script = "import matrix_parts; matrix_parts.print_growth()"
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(matrix_parts.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(run.stdout) < 90
