"""Texts for the page: everything that comes from data is escaped here, by `Markup.format`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

NONE = "—"


def plain(value: Any) -> str:
    """A value as text; nothing for what is missing.

    Examples
    --------
    >>> plain(None), plain(float("nan")), plain(60.0), plain("a")
    ('', '', '60', 'a')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def is_true(value: Any) -> bool:
    """Whether a value says yes, as OSM, our files or a table read back write it.

    Examples
    --------
    >>> [is_true(value) for value in (True, "yes", 1.0, "no", None, float("nan"))]
    [True, True, True, False, False, False]
    """
    return str(value).lower() in ("true", "yes", "1", "1.0")


def items(value: Any) -> list[Any]:
    """A list, array, single value or nothing as a list.

    Examples
    --------
    >>> items(None), items("a"), items(("a", "b"))
    ([], ['a'], ['a', 'b'])
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value] if plain(value) else []
    return list(value)


def bilingual(zh: Any, en: Any) -> Markup:
    """Chinese and English, of which the page shows one; what has one language is always shown.

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
    """A duration.

    Examples
    --------
    >>> print(in_minutes(7.5))
    <span lang="zh-CN">7.5 分钟</span><span lang="en">7.5 min</span>
    """
    number = f"{round(value, 1):g}"
    return bilingual(f"{number} 分钟", f"{number} min")


def signed(people: float) -> str:
    """A change in whole people.

    Examples
    --------
    >>> signed(18831.6), signed(-3.2), signed(0.2)
    ('+18,832', '−3', '0')
    """
    whole = round(people)
    return f"{whole:+,d}".replace("-", "−") if whole else "0"


def both_languages(zh: str, en: str, *, says: str = "") -> Markup:
    """Attributes of an element whose text or attribute the page sets in the reader's language.

    Parameters
    ----------
    zh, en
        The texts.
    says
        Which attributes say them, with blanks between; none: the element's text does.

    Examples
    --------
    >>> print(both_languages("人口", "people"))
     data-zh="人口" data-en="people"
    """
    where = Markup(' data-says="{}"').format(says) if says else ""
    return Markup(' data-zh="{}" data-en="{}"{}').format(zh, en, where)


def heading(zh: Any, en: Any) -> Markup:
    """The first line of a popup or tooltip."""
    return Markup("<b>{}</b>").format(bilingual(plain(zh) or plain(en) or NONE, en))


def table(rows: Iterable[tuple[Markup | str, Markup | str]]) -> Markup:
    """Rows of a name and a value; rows without a value are left out.

    Examples
    --------
    >>> print(table([("a", "<1>"), ("b", "")]))
    <table><tr><th>a</th><td>&lt;1&gt;</td></tr></table>
    """
    row = Markup("<tr><th>{}</th><td>{}</td></tr>")
    lines = [row.format(name, value) for name, value in rows if value]
    return Markup("<table>{}</table>").format(Markup().join(lines))


def listed(values: Iterable[Any]) -> str:
    """Values joined as Chinese text joins them."""
    return "、".join(plain(value) for value in values)


def translated(value: Any, names: Mapping[str, tuple[str, str]]) -> Markup:
    """A code word in both languages; unknown ones as they stand."""
    return bilingual(*names.get(plain(value), (plain(value), "")))


def short_name(name: Any) -> str:
    """A name without what stands in brackets, for labels.

    Examples
    --------
    >>> short_name("轨道交通15号线二期(曾家-九曲河东不含)")
    '轨道交通15号线二期'
    """
    return re.split(r"[(（]", plain(name))[0].strip() or plain(name)
