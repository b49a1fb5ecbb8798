"""The register of exceptions: keys that stay, each with its reasons, its bounds and its end.

Here a register is found, read and written, and its addresses are matched with keys. What an entry
says is compared with the code in ``rolefirst.rules.exceptions``.
"""

#: The kind of a block that stands for an entry. Every scan asks for it: here nothing is imported.
KIND = "exception"
