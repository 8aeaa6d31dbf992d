"""The command: reads a study, asks the questions, writes the results."""
