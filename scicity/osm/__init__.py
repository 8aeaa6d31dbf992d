"""OpenStreetMap data of a study; new studies."""
