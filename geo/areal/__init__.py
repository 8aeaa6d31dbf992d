"""Areal interpolation: counts on rasters and polygons shared out over other polygons."""
