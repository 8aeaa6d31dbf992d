"""Caption of a figure: titles above, notes and sources below."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.text import Text

FAINT = "#5d5b55"
MARGIN_IN = 0.18
"""Margin left and right of the texts, inches."""

ABOVE_IN = 1.02
"""Height of the titles at the top, inches."""

LINE_IN = 0.215
"""Height of a line of notes, inches."""


WIDE = ("W", "F")


def text_width(text: str) -> int:
    """Width of a text in half characters; a Chinese character counts as two.

    Examples
    --------
    >>> text_width("西永 X")
    6
    """
    return sum(2 if unicodedata.east_asian_width(letter) in WIDE else 1 for letter in text)


def shorten(text: str, width: int) -> str:
    """A text shortened to a width in half characters; a Chinese character counts as two.

    Examples
    --------
    >>> shorten("西永微电园", 10), shorten("西永微电园", 9), shorten("Xiyong", 5)
    ('西永微电园', '西永微电…', 'Xiyo…')
    """
    if text_width(text) <= width:
        return text
    room, kept = width - 1, ""
    for letter in text:
        room -= text_width(letter)
        if room < 0:
            break
        kept += letter
    return f"{kept}…"


@dataclass(frozen=True)
class Caption:
    """Titles and notes of a figure.

    Attributes
    ----------
    zh, en
        Title in both languages.
    lines
        Lines below the figure, from top to bottom: notes, then sources.
    """

    zh: str
    en: str
    lines: tuple[str, ...]

    @property
    def below_in(self) -> float:
        """Height of the lines at the bottom, inches."""
        return MARGIN_IN + LINE_IN * len(self.lines)


def _fit(text: Text, figure: Figure, size: float) -> None:
    """Reduce the font size of a line that is wider than the figure."""
    inches = text.get_window_extent().width / figure.dpi
    room = (figure.get_figwidth() - 2 * MARGIN_IN) / inches
    text.set_fontsize(size * min(room, 1))


def add_caption(figure: Figure, caption: Caption) -> None:
    """Write titles and notes at the left, each on one line."""
    width, height = figure.get_size_inches()
    lines = [(0.405, 19.0, "black", caption.zh), (0.765, 11.0, FAINT, caption.en)]
    for number, line in enumerate(reversed(caption.lines)):
        lines.append((height - MARGIN_IN - LINE_IN * (number + 0.5), 8.5, FAINT, line))
    for down, size, color, line in lines:
        if line:
            place = MARGIN_IN / width, 1 - down / height
            _fit(figure.text(*place, line, fontsize=size, color=color, va="center"), figure, size)
