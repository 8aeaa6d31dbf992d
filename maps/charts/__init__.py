"""Charts for reports, one a module."""
