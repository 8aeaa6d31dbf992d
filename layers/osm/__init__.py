"""The networks of a study from OpenStreetMap elements."""
