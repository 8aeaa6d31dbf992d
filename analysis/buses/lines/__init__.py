"""Proposed bus lines: their stops, times, buses and savings."""
