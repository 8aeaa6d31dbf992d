"""The settings of a study: study.toml, its sections, and the rules that they follow."""
