"""Pictures for reports, one a file."""
