"""How the roads and services of projects come onto a network."""
