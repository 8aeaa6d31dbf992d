"""Map page and pictures, from results."""
