"""Cooperative games: Shapley values, interactions, sampling. Imports none of ours."""
