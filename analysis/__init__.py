"""Analysis: networks in, tables out."""
