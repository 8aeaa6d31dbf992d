"""The arcs that the players of a package add to the network."""
