"""The page of the small study, opened in a browser and asked questions."""

from __future__ import annotations

from pathlib import Path

from browser import Browser
from page_worlds import accessibility, small_tables

from maps.page.page import draw_page

FIRST = 1
"""The place is point 0 of the page's tables; zones follow."""


def open_small(browser: Browser, folder: Path) -> Browser:
    """The browser with the page in it, its first question answered."""
    path = folder / "map.html"
    draw_page(small_tables(), path)
    browser.open(path)
    browser.run("scicity.ready")
    return browser


def begin_again(page: Browser) -> None:
    """The question, the view and the language that the page begins with."""
    page.run(
        "scicity.hidePaper(); scicity.speak('zh'); scicity.map.closePopup();"
        "scicity.fit(L.latLngBounds(scicity.view).pad(0.06));"
        "scicity.pick(null).then(() => scicity.choose({theme: 'access', mode: 'transit',"
        " state: 'plan', view: 'change', count: '0', minutes: '30', direction: 'from'}))"
    )
    page.settle()


def text(page: Browser, selector: str) -> str:
    """What is seen of an element."""
    return page.run(f"document.querySelector('{selector}').innerText")


def pixel(page: Browser, lat: float, lon: float) -> tuple[float, float]:
    """Where a place is in the window."""
    x, y = page.run(f"(p => [p.x, p.y])(scicity.map.latLngToContainerPoint([{lat}, {lon}]))")
    return x, y


def middle(zone: int) -> tuple[float, float]:
    """Latitude and longitude of the middle of a zone."""
    point = accessibility().geometry.iloc[zone].centroid
    return point.y, point.x
