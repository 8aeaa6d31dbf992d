"""The tables of a GTFS feed, read safely and checked cell by cell."""
