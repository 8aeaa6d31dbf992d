"""Results of a run, as tables."""
