"""Map page and charts, from results."""
