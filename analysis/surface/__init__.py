"""The travel-time surface around what is reached, and its contours: isochrones."""
