"""The questions from Python, one a file, as `import scicity` offers them.

Each function takes a study and the ids of scenarios, checks everything that is handed over, and
returns plain tables: times in seconds, distances in metres, geometry in WGS 84 (longitude,
latitude). The commands of the command line use the same functions. docs/python.md shows them.
"""
