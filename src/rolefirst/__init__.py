"""rolefirst: an AWS access key is the last resort.

Reads Terraform, finds every long-lived access key, works out who uses it and says what should
stand there instead. Importing this package imports nothing else: ``rolefirst --version`` must
cost no more than the interpreter's own start.
"""

__version__ = "0.1.0"
