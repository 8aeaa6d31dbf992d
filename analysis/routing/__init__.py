"""The engine: shortest paths on graphs, and the only place that looks for them."""
