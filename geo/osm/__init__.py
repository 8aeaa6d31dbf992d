"""OpenStreetMap as it stands: elements, from a file or from Overpass."""
