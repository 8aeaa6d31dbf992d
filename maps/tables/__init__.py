"""Inputs of the map page."""
