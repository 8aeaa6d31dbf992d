"""The road and transit files of a study."""
