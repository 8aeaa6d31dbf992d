"""Questions: networks in, tables out."""
