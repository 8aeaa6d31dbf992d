"""The page in Firefox too: it draws, answers and asks nothing of the network."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from firefox import Firefox, firefox, open_firefox
from page_times import minutes_of
from page_worlds import small_tables

from maps.page.page import draw_page


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The page of the small study, opened; CI must have a Firefox."""
    program = firefox()
    if program is None and "CI" not in os.environ:
        pytest.skip("no Firefox here")
    assert program is not None, "CI must have a Firefox"
    path = tmp_path_factory.mktemp("page") / "map.html"
    draw_page(small_tables(), path)
    with open_firefox(program, tmp_path_factory.mktemp("profile")) as opened:
        opened.open(path)
        yield opened


def test_a_click_is_answered(window: Firefox) -> None:
    window.run("scicity.ready.then(() => scicity.pick(1))")
    times = minutes_of("plan", "transit")[1]
    rows = window.run("document.querySelector('#picked').innerText")
    assert f"中心\t20\t{times[0]}\t−12" in rows
    assert "人口 ≤ 30\t11\t1,111\t+1,100" in rows


def test_swipe_isochrones_and_paper(window: Firefox) -> None:
    window.run("scicity.choose({theme: 'isochrones', view: 'swipe'})")
    panes = "['left', 'right'].map(n => scicity.map.getPane(n).style.clipPath)"
    left, right = window.run(panes)
    assert left.startswith("polygon(")
    assert left != right
    window.run("void scicity.showPaper()")
    assert window.run("document.body.classList.contains('paper')")
    window.run("void scicity.hidePaper()")
    window.run("void scicity.speak('en')")
    assert "What is reached" in window.run("document.body.innerText")


def test_nothing_is_fetched(window: Firefox) -> None:
    names = window.run("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in names if not name.startswith("data:")] == []
