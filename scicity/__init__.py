"""The command: reads a study, asks the questions, writes the results."""

from scicity.shadows import refuse_shadows

refuse_shadows()
