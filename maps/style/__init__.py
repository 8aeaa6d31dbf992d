"""Shared by all maps: overlays, colours, labels, popups and texts."""
