"""The areas around what is reached, and the exact parts of streets."""
