"""The routing engine: all shortest-path searches are here."""
