"""The page of the bundled study: what a click answers is what the files say."""

from __future__ import annotations

import base64
import math
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from browser import FAULTS, Browser

from scicity.inputs.study import Study

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def out(bundled_run: Path) -> Path:
    return bundled_run


@pytest.fixture(scope="module")
def page(browser: Browser, out: Path) -> Browser:
    browser.open(out / "map.html")
    browser.run("scicity.ready")
    return browser


def test_page_is_small_and_quiet(page: Browser, out: Path) -> None:
    assert (out / "map.html").stat().st_size < 12 * MEGABYTE
    urls = [event["request"]["url"] for event in page.said("Network.requestWillBeSent")]
    assert [url for url in urls if not url.startswith("data:")] == [(out / "map.html").as_uri()]
    assert not page.said(*FAULTS)


@pytest.mark.parametrize("mode", ["transit", "drive"])
def test_times_from_a_place_are_those_of_the_table(
    page: Browser, out: Path, study: Study, mode: str
) -> None:
    table = pd.read_csv(out / "place_times.csv")
    ids = list(study.places["place_id"])
    peak = table.loc[(table["mode"] == mode) & (table["period"] == "peak")]
    for origin_id in peak["from_id"].value_counts().index[[0, 20, 40]]:
        origin = ids.index(origin_id)
        script = f"scicity.tableOf(scicity.states.get('{{}}'), '{mode}').then(table =>"
        script += f" Array.from(scicity.timesOf(table, {origin}, false)))"
        was, now = (page.run(script.format(state)) for state in ("today", "plan"))
        chosen = peak.loc[peak["from_id"] == origin_id]
        assert len(chosen) > 10
        for row in chosen.itertuples():
            at = ids.index(row.to_id)
            assert was[at] == math.ceil((row.baseline_secs - 0.002) / 60)
            assert now[at] == math.ceil((row.scenario_secs - 0.002) / 60)


@pytest.mark.parametrize("mode", ["transit", "drive"])
@pytest.mark.parametrize("minutes", [30, 45, 60])
def test_people_reached_are_those_of_the_layer(
    page: Browser, out: Path, mode: str, minutes: int
) -> None:
    zones = gpd.read_file(out / "accessibility.geojson")
    stem = f"people_{60 * minutes}_{mode}_peak"
    for state, end in (("today", "baseline"), ("plan", "scenario")):
        reached = page.run(
            f"scicity.tableOf(scicity.states.get('{state}'), '{mode}').then(table => Array.from("
            f"scicity.withinAll(table, scicity.study.counts[0].values, {minutes})))"
        )
        # counts on the page have two decimals
        assert reached == pytest.approx(list(zones[f"{stem}_{end}"]), abs=0.01 * len(zones))


def test_a_planner_finds_a_town_and_what_line_15_does_for_it(page: Browser) -> None:
    page.run("document.querySelector('#search input').focus()")
    page.ask("Input.insertText", text="西永")
    page.settle()
    page.key("Enter")
    page.settle()
    page.run(
        "scicity.choose({state: [...document.forms.question.state.options]"
        ".find(option => option.text.includes('15号线二期')).value})"
    )
    page.settle()
    said = page.run("document.querySelector('#picked').innerText")
    assert "西永" in said
    assert "15号线二期" in said
    assert page.run("document.querySelectorAll('#picked td.gain').length") > 0
    page.run("document.querySelector('#print').click()")
    page.settle()
    assert "15号线二期" in page.run("document.body.innerText")
    page.key("Escape")


def test_the_sheet_of_a_town_fits_a3(page: Browser) -> None:
    """With every legend that is shown at the start and the whole answer."""
    page.run("scicity.pick(20).then(scicity.showSingleProjects)")
    page.run("void scicity.showPaper()")
    pdf = base64.b64decode(page.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    page.run("void scicity.hidePaper()")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
