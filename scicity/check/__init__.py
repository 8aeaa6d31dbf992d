"""Faults of a study and their report."""
