"""The search itself: the latest departure with which one is on board of each vehicle."""
