"""OpenStreetMap brought into a study; new studies."""
