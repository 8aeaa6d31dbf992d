"""Many origins at once: PHAST sweeps over the hierarchy, RAPTOR rounds over the vehicles."""
