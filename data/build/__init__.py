"""The script that turns the fact sheet into the files of the bundled study.

Run it as `python -m data.build --facts PATH`; the boundaries alone, which need no fact sheet, as
`python -m data.build.boundaries`. Two runs write the same bytes.
"""
