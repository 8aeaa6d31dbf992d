"""What a run says about where projects meet the network."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import geopandas as gpd
import pytest
from coordinates import CRS, point
from network_parts import project, road, route
from project_join_tables import TWO, applied, joins
from shapely.geometry import LineString

from scicity.cli import main
from scicity.inputs.study import Study
from scicity.outputs.layers import join_layer
from scicity.report.findings import joint_findings
from scicity.results.run_results import Results


def results_of(table: gpd.GeoDataFrame) -> Results:
    """Results of which only the joints are there."""
    return cast("Results", SimpleNamespace(joins=table))


def test_findings_name_what_is_over_the_limit_and_the_largest_joint() -> None:
    lonely = point(1_000, 3_000)
    spur = road("S-1", LineString([point(0, 100), point(0, 600)]), name_zh="支线", name_en="Spur")
    plan = project(
        "S",
        roads=[spur],
        routes=[route("S", "xB")],
        stops_at=gpd.GeoSeries({"x": lonely, "B": TWO.places["B"]}, crs=CRS),
        name_zh="示范项目",
        name_en="Model",
    )
    study = cast("Study", SimpleNamespace(projects={"S": plan}))
    over, largest = joint_findings(study, results_of(joins(applied(TWO.network(), plan))))
    assert (over.code, over.feature) == ("joints-over-limit", "S-1, x")
    for words in (
        "2 处",
        "示范项目的道路端点 支线（S-1）：400 m > 300 m",
        "车站 stop x（x）：2000 m",
    ):
        assert words in over.zh
    assert "the road end Spur (S-1) of Model: 400 m > 300 m" in over.en
    assert (largest.code, largest.feature) == ("largest-joint", "S-1")
    assert "100 米（上限 300 米）" in largest.zh
    assert largest.en.endswith("(limit 300 m): the road end Spur (S-1) of Model joins AB")


def test_without_projects_there_is_nothing_to_find() -> None:
    study = cast("Study", SimpleNamespace(projects={}))
    assert joint_findings(study, results_of(joins(applied(TWO.network())))) == []


def test_ids_of_the_layer_differ_where_a_road_joins_one_street_twice() -> None:
    line = LineString([point(200, 50), point(1_000, 500), point(1_800, 50)])
    found = applied(TWO.network(), project("S", roads=[road("S-1", line)]))
    layer = join_layer(results_of(joins(found)))
    assert layer["feature_id"].tolist() == ["S:road_end:S-1:AB", "S:road_end:S-1:AB:2"]
    assert layer.crs.to_epsg() == 4326


def test_check_warns_of_a_road_that_leads_nowhere(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The road to Degan Port, without the port."""
    path = copy / "places/places.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["features"] = [
        item for item in content["features"] if item["properties"]["place_id"] != "PORT_DG"
    ]
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert main(["check", "--study", str(copy)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "warning end-not-joined PORT_YZ.geojson PORT_DG-1 an end of the road is 566 m" in said
    assert "1 fault " in said
