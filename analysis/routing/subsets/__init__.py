"""Sums over every subset of projects that only add arcs."""
