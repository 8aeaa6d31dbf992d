"""Networks as data: what exists, then what is planned."""
