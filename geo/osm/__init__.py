"""Raw OpenStreetMap elements, from a file or from an Overpass server."""
