"""Results written to a folder."""
