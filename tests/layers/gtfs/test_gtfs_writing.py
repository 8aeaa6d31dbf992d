"""GTFS feeds written, and read again by us and by gtfs_kit."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import gtfs_kit
import pytest
from coordinates import CRS, point
from gtfs_feeds import DATES
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route, stops
from shapely.geometry import LineString

from layers.gtfs.reading import read_gtfs
from layers.gtfs.writing import write_gtfs
from layers.transit import TransitRoute

SPOTS = {name: (k % 4 * 900.0, k // 4 * 700.0) for k, name in enumerate("ABCDEFGH")}


def table_of(names: str | list[str]) -> gpd.GeoDataFrame:
    return stops(gpd.GeoSeries({name: point(*SPOTS[name]) for name in names}, crs=CRS))


def written(path: Path, *routes: TransitRoute) -> gpd.GeoDataFrame:
    used = sorted({stop for item in routes for stop in item.stop_ids})
    table = table_of(used)
    write_gtfs(path, table, routes, agency_name='重庆, "公交"', dates=DATES)
    return table


@st.composite
def services(draw: st.DrawFn) -> list[TransitRoute]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        ids = draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=2, max_size=6, unique=True))
        ids += ids[:1] if len(ids) > 2 and draw(st.booleans()) else []
        hops = [float(draw(st.integers(110, 3_000))) for _ in ids[1:]]
        values = {
            "headway_offpeak_secs": float(draw(st.integers(30, 14_400))),
            "bidirectional": draw(st.booleans()),
            "route_type": draw(st.sampled_from([1, 3, 704])),
            "confidence": "published",
        }
        headway = float(draw(st.integers(30, 14_400)))
        found.append(route(f"r{number}", ids, hops, headway_secs=headway, **values))
    return found


@examples(25, quick=8)
@given(services())
def test_what_is_written_is_read_again(routes: list[TransitRoute]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.zip"
        table = written(path, *routes)
        (feed,) = read_gtfs(path, CRS)
        again, found, faults = feed.stops, feed.routes, feed.faults
    assert faults == []
    assert [replace(item, feed_route_id="") for item in found] == routes
    assert list(again.index) == list(table.index)
    assert again.geometry.distance(table.geometry, align=False).max() < 0.2
    assert list(again["stop_name"]) == list(table["stop_name"])


def test_gtfs_kit_reads_what_is_written(tmp_path: Path) -> None:
    line = LineString([point(*SPOTS["A"]), point(100, 100), point(*SPOTS["B"])])
    path = tmp_path / "out.zip"
    written(path, route("7", "ABC", shape=line), route("8", "ABA", bidirectional=False))
    found = gtfs_kit.read_feed(path, dist_units="m")
    assert len(found.trips) == 3
    assert found.agency["agency_name"].iloc[0] == '重庆, "公交"'
    assert found.agency["agency_timezone"].iloc[0] == "Asia/Shanghai"
    assert len(found.get_dates()) == 365
    assert set(found.frequencies["exact_times"]) == {0}
    assert len(found.frequencies) == 15
    assert set(found.trips["shape_id"].dropna()) == set(found.shapes["shape_id"]) == {"7-0", "7-1"}
    assert found.compute_trip_stats()["num_stops"].tolist() == [3, 3, 3]


def test_the_same_bytes_each_time_and_nothing_if_it_fails(tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    written(one, route("7", "ABC"))
    written(two, route("7", "ABC"))
    assert one.read_bytes() == two.read_bytes()
    spoilt = route("7", "ABC", headway_secs=float("nan"))
    with pytest.raises(ValueError, match="NaN"):
        written(one, spoilt)
    assert one.read_bytes() == two.read_bytes()
    assert sorted(tmp_path.iterdir()) == [one, two]


def test_gtfs_kit_is_not_needed() -> None:
    code = "import sys, scicity.inputs.baseline; assert 'gtfs_kit' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
