"""Texts of the page; `Markup.format` escapes all that comes from data."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

NONE = "—"


def plain(value: Any) -> str:
    """A value as text; empty if it is missing.

    Examples
    --------
    >>> plain(None), plain(float("nan")), plain(60.0), plain("a")
    ('', '', '60', 'a')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def is_true(value: Any) -> bool:
    """Whether a value means yes, as written by OSM, our files or a table read back.

    Examples
    --------
    >>> [is_true(value) for value in (True, "yes", 1.0, "no", None, float("nan"))]
    [True, True, True, False, False, False]
    """
    return str(value).lower() in ("true", "yes", "1", "1.0")


def items(value: Any) -> list[Any]:
    """A list, array, single value or missing value as a list.

    Examples
    --------
    >>> items(None), items("a"), items(("a", "b"))
    ([], ['a'], ['a', 'b'])
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value] if plain(value) else []
    return list(value)


def bilingual(zh: Any, en: Any) -> Markup:
    """Chinese and English, of which the page shows one; a text in one language is always shown.

    Examples
    --------
    >>> print(bilingual("<西永>", "Xiyong"))
    <span lang="zh-CN">&lt;西永&gt;</span><span lang="en">Xiyong</span>
    """
    if not plain(en) or not plain(zh) or plain(zh) == plain(en):
        return Markup("{}").format(plain(zh) or plain(en))
    return Markup('<span lang="zh-CN">{}</span><span lang="en">{}</span>').format(
        plain(zh), plain(en)
    )


def in_minutes(value: float) -> Markup:
    """A duration in minutes, in both languages.

    Examples
    --------
    >>> print(in_minutes(7.5))
    <span lang="zh-CN">7.5 分钟</span><span lang="en">7.5 min</span>
    """
    number = f"{round(value, 1):g}"
    return bilingual(f"{number} 分钟", f"{number} min")


def signed(people: float) -> str:
    """A change in whole people, with its sign.

    Examples
    --------
    >>> signed(18831.6), signed(-3.2), signed(0.2)
    ('+18,832', '−3', '0')
    """
    whole = round(people)
    return f"{whole:+,d}".replace("-", "−") if whole else "0"


def both_languages(zh: str, en: str, *, says: str = "") -> Markup:
    """HTML attributes from which the page sets a text or attribute in the reader's language.

    Parameters
    ----------
    zh, en
        The texts.
    says
        Attributes to set, separated by blanks; empty: the element's text.

    Examples
    --------
    >>> print(both_languages("人口", "people"))
     data-zh="人口" data-en="people"
    """
    where = Markup(' data-says="{}"').format(says) if says else ""
    return Markup(' data-zh="{}" data-en="{}"{}').format(zh, en, where)


def heading(zh: Any, en: Any) -> Markup:
    """First line of a popup or tooltip."""
    return Markup("<b>{}</b>").format(bilingual(plain(zh) or plain(en) or NONE, en))


def table(rows: Iterable[tuple[Markup | str, Markup | str]]) -> Markup:
    """HTML table of names and values; rows without a value are left out.

    Examples
    --------
    >>> print(table([("a", "<1>"), ("b", "")]))
    <table><tr><th>a</th><td>&lt;1&gt;</td></tr></table>
    """
    row = Markup("<tr><th>{}</th><td>{}</td></tr>")
    lines = [row.format(name, value) for name, value in rows if value]
    return Markup("<table>{}</table>").format(Markup().join(lines))


def comma_list(values: Iterable[Any]) -> str:
    """Values joined by the Chinese enumeration comma."""
    return "、".join(plain(value) for value in values)


def translation(value: Any, names: Mapping[str, tuple[str, str]]) -> Markup:
    """Name of a code in both languages; an unknown code unchanged."""
    return bilingual(*names.get(plain(value), (plain(value), "")))


def short_name(name: Any) -> str:
    """A name without its part in brackets, for labels.

    Examples
    --------
    >>> short_name("轨道交通15号线二期(曾家-九曲河东不含)")
    '轨道交通15号线二期'
    """
    return re.split(r"[(（]", plain(name))[0].strip() or plain(name)
