"""Functions and options of the commands."""
