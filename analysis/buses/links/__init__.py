"""Closing links: the shortest road that puts a gateway on a loop."""
