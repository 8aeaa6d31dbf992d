"""Writing results to a folder."""
