"""What a map is drawn from."""
