"""The place as it is: files, datums, coordinate systems, areas, hexagons."""
