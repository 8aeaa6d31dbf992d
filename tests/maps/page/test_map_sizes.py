"""The page in windows that change, or that leave no room for its cards, or that are hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import FAULTS, Browser
from page_browser import open_small
from page_worlds import small_tables

from maps.page.page import draw_page

VIEW = "[scicity.map.getSize().x, scicity.map.getZoom()]"
FIT = "void scicity.fit(L.latLngBounds(scicity.view).pad(0.06))"


def resize(page: Browser, width: int, height: int) -> None:
    size: dict[str, Any] = {"deviceScaleFactor": 1, "mobile": False}
    page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, **size)
    page.settle()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Browser:
    """The page in a large window."""
    resize(browser, 1920, 937)
    return open_small(browser, tmp_path)


def test_the_view_fits_a_window_that_leaflet_has_not_yet_measured(page: Browser) -> None:
    large = page.run(VIEW)
    resize(page, 390, 844)
    page.run(FIT)
    small = page.run(VIEW)
    assert (large[0], small[0]) == (1920, 390)
    assert small[1] < large[1]
    # Leaflet measures a frame after this event
    page.run(f"addEventListener('resize', () => {{ window.old = {VIEW}[0]; {FIT}; }})")
    page.events.clear()
    for width, old, view in ((1920, 390, large), (390, 1920, small)):
        resize(page, width, 937 if width == 1920 else 844)
        assert not page.said(*FAULTS)
        assert page.run("old") == old
        assert page.run(VIEW) == view


@pytest.mark.parametrize("size", [(1, 1), (15, 600), (1920, 12)])
def test_a_window_without_room_for_the_cards(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    resize(browser, *size)
    browser.events.clear()
    page = open_small(browser, tmp_path)
    assert not page.said(*FAULTS)
    resize(page, 1920, 937)
    page.run(FIT)
    assert page.run("scicity.map.getBounds().contains(scicity.view)")


def test_a_hidden_page_fits_its_view_when_it_is_shown(browser: Browser, tmp_path: Path) -> None:
    draw_page(small_tables(), tmp_path / "map.html")
    outer = tmp_path / "outer.html"
    frame = "<iframe src=map.html style='display: none; width: 1500px; height: 800px'></iframe>"
    outer.write_text(f"<!doctype html>{frame}", encoding="utf-8")
    resize(browser, 1920, 937)
    browser.events.clear()
    browser.open(outer)
    inside = browser.said("Runtime.executionContextCreated")[-1]["context"]["id"]

    def run(script: str) -> Any:
        asked = {"contextId": inside, "returnByValue": True, "awaitPromise": True}
        answer = browser.ask("Runtime.evaluate", expression=script, **asked)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    run("scicity.ready")
    # 0 by 0 on paper and off it: neither has anything to fit into
    run("scicity.showPaper(), scicity.hidePaper()")
    assert run("[innerWidth, scicity.map.getSize().x]") == [0, 0]
    browser.run("document.querySelector('iframe').style.display = 'block'")
    browser.settle()
    run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shown = run(VIEW)
    assert shown[0] == 1500
    run(FIT)
    assert run(VIEW) == shown
    assert not browser.said(*FAULTS)
