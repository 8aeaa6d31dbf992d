"""Origin-destination matrices too large for memory: parts, folders, workers."""
