"""Which project of a package brings what."""
