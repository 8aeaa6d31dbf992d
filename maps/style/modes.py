"""What each mode is called."""

MODES = {"transit": ("公交", "Transit"), "drive": ("驾车", "Car")}
