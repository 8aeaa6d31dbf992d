"""A city whose answers are computed by hand.

Blocks are 1 km. At the peak a car drives 5 m/s in the streets and 10 m/s on the avenue (E-H), off
the peak twice that; a walker goes 1 m/s. So a block takes 200 s, 100 s on the avenue, 1000 s on
foot.
"""

from __future__ import annotations

from ascii_worlds import world

from analysis.graph.travel import Band

AVENUE = {"maxspeed": 72.0}
CITY = world(
    """
    A---B---C---D
    |   |   |   |
    E-s-F---G-t-H
    |   |   |   |
    I---J---K---L
    """,
    streets={"EF": AVENUE, "FG": AVENUE, "GH": AVENUE},
)
BANDS: tuple[Band, ...] = ("best", "expected", "worst")
