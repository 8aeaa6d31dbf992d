"""Routes and stops from OpenStreetMap relations."""
