"""The `scicity` command: reads a study, runs the analyses, writes the results."""
