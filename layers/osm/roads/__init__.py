"""Streets from OpenStreetMap ways."""
