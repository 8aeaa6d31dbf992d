"""Maps and charts, drawn from tables."""
