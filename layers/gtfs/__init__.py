"""GTFS feeds in and out."""
