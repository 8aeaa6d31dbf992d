"""The search itself: one bit a traveller."""
