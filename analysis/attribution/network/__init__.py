"""What the players of a package change in the network."""
