"""Chinese type inside the page, for computers that have none."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONT_FILE = Path(__file__).parents[1] / "fonts" / "NotoSansSC-Subset.otf"
FAMILY = "Noto Sans SC Subset"
"""Stands last in the page's list of fonts, so that the reader's own come first."""
LAST_ASCII = 0x7F


def font_face(text: str) -> str:
    """A style rule that holds the glyphs of a text and no others.

    Latin letters are left to the reader's own fonts.

    Examples
    --------
    >>> rule = font_face("重庆 Chongqing")
    >>> rule[:11], len(rule) < 4000
    ('@font-face ', True)
    """
    font = TTFont(FONT_FILE, recalcTimestamp=False, recalcBBoxes=False)
    options = subset.Options(hinting=False, desubroutinize=False, notdef_outline=True)
    options.flavor = "woff"
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted({ord(letter) for letter in text if ord(letter) > LAST_ASCII}))
    cutter.subset(font)
    font.flavor = "woff"
    held = BytesIO()
    font.save(held)
    content = base64.b64encode(held.getvalue()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; '
        f'src: url(data:font/woff;base64,{content}) format("woff"); }}'
    )
