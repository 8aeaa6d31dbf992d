"""A Chinese font embedded in the page, for computers without one."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONT_FILE = Path(__file__).parents[1] / "fonts" / "NotoSansSC-Subset.otf"
FAMILY = "Noto Sans SC Subset"
"""Last in the page's list of fonts, so that fonts of the reader's computer come first."""
LAST_ASCII = 0x7F


def font_face(text: str) -> str:
    """CSS rule with the font's glyphs for a text, and no others.

    Latin letters are drawn by the fonts of the reader's computer.

    Examples
    --------
    >>> rule = font_face("重庆 Chongqing")
    >>> rule[:11], len(rule) < 4000
    ('@font-face ', True)
    """
    font = TTFont(FONT_FILE, recalcTimestamp=False, recalcBBoxes=False)
    options = subset.Options(hinting=False, desubroutinize=False, notdef_outline=True)
    options.flavor = "woff"
    subsetter = subset.Subsetter(options)
    subsetter.populate(
        unicodes=sorted({ord(letter) for letter in text if ord(letter) > LAST_ASCII})
    )
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = BytesIO()
    font.save(buffer)
    content = base64.b64encode(buffer.getvalue()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; '
        f'src: url(data:font/woff;base64,{content}) format("woff"); }}'
    )
