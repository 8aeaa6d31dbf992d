"""Vector files in: GeoJSON, Shapefile, GeoPackage, CSV; any encoding, each feature checked."""
