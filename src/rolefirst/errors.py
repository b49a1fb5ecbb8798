"""The errors that end a command with exit code 2."""

from __future__ import annotations


class RolefirstError(Exception):
    """Base of all: ``message`` says what is wrong and where, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the hint beside the message."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(RolefirstError):
    """What was to be scanned cannot be read at all."""


class ConfigError(RolefirstError):
    """The configuration file is wrong."""


class UsageError(RolefirstError):
    """The command line is wrong."""
