"""Travel by timetable: every departure of a window at once."""
