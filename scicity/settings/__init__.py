"""study.toml."""
