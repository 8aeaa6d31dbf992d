"""Everything a run computes, as tables."""
