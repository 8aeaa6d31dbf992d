"""Questions about all departures of a window, where the network has a timetable."""
