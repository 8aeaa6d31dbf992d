"""What drawn things share: overlays, colours, names, popups."""
