"""What modes of travel are called, Chinese and English: the only place that names them."""

MODES = {"transit": ("公交", "Transit"), "drive": ("驾车", "Car")}
"""The modes that a plan is judged by, as titles of figures and columns."""
MODE_NAMES = {mode: (zh, en.lower()) for mode, (zh, en) in MODES.items()}
"""The same within a sentence."""
PAGE_MODES = {
    "transit": ("公交", "transit"),
    "drive": ("小汽车", "car"),
    "walk": ("步行", "walking"),
}
"""The modes that the map page and the columns of layers may name."""
ROAD_USERS = {"drive": ("小汽车", "car"), "bus": ("公交", "bus"), "walk": ("步行", "walk")}
"""Who may use a street."""
