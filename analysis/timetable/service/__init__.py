"""What runs in a part of the window, made ready for the search."""
