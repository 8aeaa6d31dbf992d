"""Bus routes from tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from coordinates import CRS
from transit_tables import HEAD, PLAIN

from geo.faults import Fault
from layers.files.transit import read_transit
from layers.files.transit_csv import read_transit_csv
from layers.transit import TransitRoute


def read(
    tmp_path: Path, text: str, encoding: str = "utf-8"
) -> tuple[list[TransitRoute], list[Fault]]:
    path = tmp_path / "bus.csv"
    path.write_bytes(text.encode(encoding))
    _, routes, faults = read_transit_csv(path, CRS)
    return routes, faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_a_table_lacks_is_assumed(tmp_path: Path, encoding: str) -> None:
    (bus,), faults = read(tmp_path, PLAIN, encoding)
    assert faults == []
    assert (bus.route_name, bus.route_type, bus.bidirectional, bus.line) == ("七路", 3, True, "")
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (900, 1_200)
    assert bus.assumed_fields == ("hop_secs", "headway_peak_secs", "headway_offpeak_secs")
    metres = 968.9  # 0.01 degrees of longitude at 29.5 north
    assert bus.hop_secs == pytest.approx([metres * 1.3 / (17 / 3.6)] * 2, rel=2e-3)


def test_what_a_table_says_counts(tmp_path: Path) -> None:
    optional = "hop_secs,headway_peak_secs,headway_offpeak_secs,route_type,bidirectional,line"
    rest = "accuracy_m,source,confidence"
    text = (
        f"{HEAD},{optional},{rest}\n"
        "7,seven,2,B,b,106.01,29.5,90,300,600,704,no,S7,40,survey,published\n"
        "\n,,,,,,\n"
        "7,seven,1,A,a,106.0,29.5,,,,,,,,,\n"
        "7,seven,3,A,a,,,60.5,,,,,,,,\n"
    )
    path = tmp_path / "bus.csv"
    path.write_text(text, encoding="utf-8")
    stops, (bus,), faults = read_transit_csv(path, CRS)
    assert faults == []
    assert bus.stop_ids == ("A", "B", "A")
    assert bus.hop_secs == (90, 60.5)
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs, bus.route_type) == (300, 600, 704)
    assert (bus.bidirectional, bus.line, bus.confidence) == (False, "S7", "published")
    assert bus.assumed_fields == ()
    assert stops.loc["B", "accuracy_m"] == 40
    assert stops.loc["A", "confidence"] == "assumed"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1,A", "one,A", "value-wrong-type bus.csv row 2: stop_sequence is 'one'"),
        ("1,A", "1.5,A", "value-wrong-type bus.csv row 2: stop_sequence is 1.5"),
        (
            "106.01",
            "206.01",
            "value-out-of-range bus.csv row 3: lon is 206.01 (allowed: -180 to 180)",
        ),
        ("106.01", "nan", "value-out-of-range bus.csv row 3: lon is nan"),
        ("106.01", "", "key-missing bus.csv row 3: lon is missing (allowed: -180 to 180, or"),
        ("七路,3", ",3", "key-missing bus.csv row 4: route_name is missing"),
        ("2,B", "1,B", "id-duplicate bus.csv row 3: stop_sequence 1 is that of row 2 too"),
        ("2,B", "2,A", "stop-moved bus.csv row 3: stop 'A' is 969 m from where it is first"),
        ("7,七路,2", "8,八路,2", "hops-do-not-fit bus.csv row 3: route '8' has 1 stop_sequence"),
        ("106.02,29.5", "106.02,29.5,9", "value-wrong-type bus.csv row 4: it has 8 cells"),
        ("stop_name", "name", "column-missing bus.csv row 1: there is no column 'stop_name'"),
        ("lat\n", "lat,hop_sec\n", "key-unknown bus.csv row 1: unknown key 'hop_sec'"),
        ("lat\n", "lat,lat\n", "id-duplicate bus.csv row 1: column 'lat' stands twice"),
        (PLAIN, HEAD, "file-empty bus.csv"),
        (PLAIN, "", "column-missing bus.csv row 1: there is no column 'route_id'"),
    ],
)
def test_every_fault(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in PLAIN
    _, faults = read(tmp_path, PLAIN.replace(old, new, 1))
    assert any(said in str(fault) for fault in faults), faults


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = f"{HEAD},headway_peak_secs,bidirectional,confidence\n7,s,x,A,a,1,91,10,maybe,sure\n"
    _, faults = read(tmp_path, text)
    assert sorted(f.message.split()[0] for f in faults) == [
        *("bidirectional", "confidence", "headway_peak_secs", "lat", "stop_sequence")
    ]


def test_other_encodings_and_missing_files(tmp_path: Path) -> None:
    _, faults = read(tmp_path, PLAIN, "gbk")
    assert [(f.code, f.severity) for f in faults] == [("encoding-gbk", "warning")]
    _, faults = read(tmp_path, PLAIN, "utf-16")
    assert [f.code for f in faults] == ["file-unreadable"]
    _, _, faults = read_transit_csv(tmp_path / "none.csv", CRS)
    assert [f.code for f in faults] == ["file-missing"]


def test_a_stop_without_a_place(tmp_path: Path) -> None:
    path = tmp_path / "bus.csv"
    path.write_text(PLAIN.replace("106.01,29.5", ","), encoding="utf-8")
    _, routes, _, faults = read_transit([path], CRS)
    assert routes == []
    assert [(f.file, f.feature, f.code) for f in faults] == [("bus.csv", "B", "stop-unplaced")]
    table, (bus,), _, faults = read_transit([path], CRS, repair=True)
    assert [f.severity for f in faults] == ["warning"]
    ends = table.geometry[["A", "C"]]
    assert table.geometry["B"].distance(ends.union_all().centroid) < 1
    assert bus.hop_secs[0] == bus.hop_secs[1]


def test_other_endings_are_a_fault(tmp_path: Path) -> None:
    _, _, _, faults = read_transit([tmp_path / "bus.xlsx"], CRS)
    assert [f.code for f in faults] == ["file-kind-unknown"]
    assert ".csv" in faults[0].allowed
