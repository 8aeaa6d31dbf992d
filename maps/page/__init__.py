"""The map page: one HTML file that needs only a browser."""
