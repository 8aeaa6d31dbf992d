"""What stands above and below a picture: titles, what a reader must know, sources."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.text import Text

FAINT = "#5d5b55"
MARGIN_IN = 0.18
"""Left and right of the texts, inches."""

ABOVE_IN = 1.02
"""What the titles take at the top, inches."""

LINE_IN = 0.215
"""Height of a line below the picture, inches."""


WIDE = ("W", "F")


def text_width(text: str) -> int:
    """How wide a text is, in half characters: a Chinese one is two.

    Examples
    --------
    >>> text_width("西永 X")
    6
    """
    return sum(2 if unicodedata.east_asian_width(letter) in WIDE else 1 for letter in text)


def cut(text: str, width: int) -> str:
    """A text at most so wide, in half characters: a Chinese one is two.

    Examples
    --------
    >>> cut("西永微电园", 10), cut("西永微电园", 9), cut("Xiyong", 5)
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
    """Titles and lines of a picture.

    Attributes
    ----------
    zh, en
        Its title in both languages.
    lines
        What stands below, from top to bottom: notes, then sources.
    """

    zh: str
    en: str
    lines: tuple[str, ...]

    @property
    def below_in(self) -> float:
        """What the lines take at the bottom, inches."""
        return MARGIN_IN + LINE_IN * len(self.lines)


def _fit(text: Text, figure: Figure, size: float) -> None:
    """A long line gets smaller letters."""
    inches = text.get_window_extent().width / figure.dpi
    room = (figure.get_figwidth() - 2 * MARGIN_IN) / inches
    text.set_fontsize(size * min(room, 1))


def add_caption(figure: Figure, caption: Caption) -> None:
    """Write titles and lines at the left, each on a line of its own within the picture."""
    width, height = figure.get_size_inches()
    lines = [(0.405, 19.0, "black", caption.zh), (0.765, 11.0, FAINT, caption.en)]
    for number, line in enumerate(reversed(caption.lines)):
        lines.append((height - MARGIN_IN - LINE_IN * (number + 0.5), 8.5, FAINT, line))
    for down, size, color, line in lines:
        if line:
            place = MARGIN_IN / width, 1 - down / height
            _fit(figure.text(*place, line, fontsize=size, color=color, va="center"), figure, size)
