"""One module per command: ``run`` takes the arguments and returns the exit code.

Commands call and write; they decide nothing. ``trees`` is what those share that read code.
"""
