"""A study, read."""
