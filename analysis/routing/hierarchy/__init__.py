"""A customisable contraction hierarchy of the streets."""
