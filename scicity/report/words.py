"""Words in Chinese or in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Words:
    """Picks the text of one language."""

    language: Language

    def __call__(self, zh: str, en: str) -> str:
        """The text in the report's language."""
        return zh if self.language == "zh" else en

    def of(self, pair: tuple[str, str]) -> str:
        """One of two names."""
        return self(*pair)


ACTS = re.compile(r"[\\`*\[|~]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown takes for more than a letter within a line."""

ACTS_FIRST = re.compile(r"^([#>+=-]|\d+(?=[.)](\s|$)))")
"""The same at the start of a line: headings, quotes, lists, rules."""


def cell(text: str) -> str:
    r"""A text from data within a line of Markdown, so that it says just that.

    Examples
    --------
    >>> print(cell("<b>1|2"), cell("place_times.csv"), cell("+3 *"))
    \<b>1\|2 place_times.csv +3 \*
    """
    return ACTS.sub(r"\\\g<0>", " ".join(text.split()))


def plain(text: str) -> str:
    r"""A text from data as a line of Markdown of its own.

    Examples
    --------
    >>> print(plain("# 1"), plain("2. *"), plain("2 *"))
    \# 1 2\. \* 2 \*
    """
    line = cell(text)
    first = ACTS_FIRST.match(line)
    if first is None:
        return line
    end = first.end() if line[0].isdigit() else 0
    return f"{line[:end]}\\{line[end:]}"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; cells are text, whatever stands in them."""
    rule = " | ".join(["---"] * len(header))
    told = [" | ".join(map(cell, line)) for line in (header, *rows)]
    return "\n".join(f"| {line} |" for line in (told[0], rule, *told[1:]))
