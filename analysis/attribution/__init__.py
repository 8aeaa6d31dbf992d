"""Which project does it: what a package changes, shared out among its projects.

Projects, or groups of them, are players of a cooperative game. Bit k of a subset is player k.
"""
