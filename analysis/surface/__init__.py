"""The travel-time surface around the reached network, and its contours: isochrones."""
