"""A picture as files for reports: PNG, SVG and PDF, with its letters inside."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image

from geo.files import replacing
from maps.sheet.typeface import font_families

DPI = 200
"""Pixels an inch: of the PNG, and of what is raster in SVG and PDF."""

# neither date nor version stands in a file, so that the bytes tell of the tables only
METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": dict.fromkeys(("Creator", "Date", "Format", "Type")),
    "pdf": dict.fromkeys(("CreationDate", "Creator", "Producer")),
}
FORMATS = tuple(METADATA)


def typeset() -> AbstractContextManager[None]:
    """Matplotlib with our own letters, drawn in SVG as outlines and embedded in PDF."""
    return mpl.rc_context(
        {
            "font.family": font_families(),
            # a dollar sign in a name is no formula
            "text.parse_math": False,
            "svg.fonttype": "path",
            "svg.hashsalt": "scicity",
            # outlines: as Type 42 our OpenType font would stand in a stream for TrueType
            "pdf.fonttype": 3,
        }
    )


def _short(svg: bytes) -> bytes:
    """Coordinates of paths to a hundredth of a point, which halves the file."""
    return re.sub(rb' d="[^"]+"', lambda path: re.sub(rb"(\.\d\d)\d+", rb"\1", path[0]), svg)


def fewer_colors(png: bytes) -> bytes:
    """A PNG with a palette of its 256 most important colours, a third as large.

    Examples
    --------
    >>> held = io.BytesIO()
    >>> Image.new("RGB", (90, 90), "#1d877c").save(held, "png")
    >>> with Image.open(io.BytesIO(fewer_colors(held.getvalue()))) as picture:
    ...     picture.mode, picture.convert("RGB").getcolors()
    ('P', [(8100, (29, 135, 124))])
    """
    held = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(held, "png", optimize=True)
    return held.getvalue()


def write_picture(draw: Callable[[], Figure], path: Path) -> list[Path]:
    """Draw once and write all `FORMATS`; the same tables give the same bytes.

    Parameters
    ----------
    draw
        Makes the figure; called within `typeset`.
    path
        The files without their endings; each is written whole or not at all.

    Returns
    -------
    list of Path
        The files.
    """
    paths = [path.with_name(f"{path.name}.{ending}") for ending in FORMATS]
    with typeset():
        figure = draw()
        for target, (ending, metadata) in zip(paths, METADATA.items(), strict=True):
            with replacing(target) as temporary:
                figure.savefig(temporary, format=ending, dpi=DPI, metadata=metadata)
                if ending == "svg":
                    temporary.write_bytes(_short(temporary.read_bytes()))
    return paths
