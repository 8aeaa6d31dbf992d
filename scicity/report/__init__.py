"""The report, in Chinese and English."""
