"""From times at the ends of streets to the area around what is reached.

`lines` are the streets, `rays` the ways along them from one origin, `pieces` these ways cut into
straight parts, `mesh` where the surface is sampled, `field` its values, `contours` the outlines.
"""
