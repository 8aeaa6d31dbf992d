"""The same looks for QGIS."""
