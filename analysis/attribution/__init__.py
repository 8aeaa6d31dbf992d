"""Attribution: the change made by a package, divided among its projects.

Projects, or groups of them, are players of a cooperative game. Bit k of a subset is player k.
"""
