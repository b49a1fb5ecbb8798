"""The errors that end a command with exit code 2."""

from __future__ import annotations

import re


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


#: What faulty code raises. The borders where a scan calls a rule or a template catch these, so that
#: a crash reaches the report instead of ending it. ``RolefirstError`` is none of them: it says
#: what is wrong with the input or the environment, and ends the command.
CRASHES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    NameError,
    OSError,
    ReferenceError,
    RuntimeError,
    StopAsyncIteration,
    StopIteration,
    SyntaxError,
    SystemError,
    TypeError,
    ValueError,
    re.error,
)
