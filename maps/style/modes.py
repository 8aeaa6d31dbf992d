"""Chinese and English names of the modes of travel, defined only here."""

MODES = {"transit": ("公交", "Transit"), "drive": ("驾车", "Car")}
"""Modes of the evaluation, as titles of figures and columns."""
MODE_NAMES = {mode: (zh, en.lower()) for mode, (zh, en) in MODES.items()}
"""The same within a sentence."""
PAGE_MODES = {
    "transit": ("公交", "transit"),
    "drive": ("小汽车", "car"),
    "walk": ("步行", "walking"),
}
"""Modes that may occur on the map page and in columns of layers."""
ROAD_USERS = {"drive": ("小汽车", "car"), "bus": ("公交", "bus"), "walk": ("步行", "walk")}
"""Modes that a street can be open to."""
