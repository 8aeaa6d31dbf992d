"""Texts in Chinese or English, and Markdown of texts from data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Words:
    """Chooses texts of one language."""

    language: Language

    def __call__(self, zh: str, en: str) -> str:
        """The text in the report's language."""
        return zh if self.language == "zh" else en

    def of(self, pair: tuple[str, str]) -> str:
        """The name in the report's language, of a Chinese and an English one."""
        return self(*pair)


ACTS = re.compile(r"[\\`*\[|~]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
"""Letters with a meaning in Markdown anywhere in a line."""

ACTS_FIRST = re.compile(r"^([#>+=-]|\d+(?=[.)](\s|$)))")
"""Letters with a meaning at the start of a line: headings, quotes, lists, rules."""


def escaped_text(text: str) -> str:
    r"""A text from data, escaped for use within a line of Markdown.

    Examples
    --------
    >>> print(escaped_text("<b>1|2"), escaped_text("place_times.csv"), escaped_text("+3 *"))
    \<b>1\|2 place_times.csv +3 \*
    """
    return ACTS.sub(r"\\\g<0>", " ".join(text.split()))


def escaped_line(text: str) -> str:
    r"""A text from data, escaped for use as a whole line of Markdown.

    Examples
    --------
    >>> print(escaped_line("# 1"), escaped_line("2. *"), escaped_line("2 *"))
    \# 1 2\. \* 2 \*
    """
    line = escaped_text(text)
    first = ACTS_FIRST.match(line)
    if first is None:
        return line
    end = first.end() if line[0].isdigit() else 0
    return f"{line[:end]}\\{line[end:]}"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown with escaped cells."""
    rule = " | ".join(["---"] * len(header))
    lines = [" | ".join(map(escaped_text, line)) for line in (header, *rows)]
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))
