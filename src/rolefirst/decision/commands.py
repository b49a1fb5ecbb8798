"""Commands that make an access key, found in provisioners, user data and scripts inside the code.

``aws iam create-access-key`` without ``--user-name`` makes a key for whoever calls it; when that
is the root user, a root key. The same holds for the AWS SDK for Python and AWS Tools for
PowerShell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.project import Block

#: Resources and data sources whose text is run, or written to be run.
_SCRIPTS = frozenset(
    {"null_resource", "terraform_data", "external", "local_file", "local_sensitive_file"}
)
_COMMENT_LINE = re.compile(r"^[ \t]*(?:#|//).*$", re.MULTILINE)
_CONTINUED = re.compile(r"(?:\\|`)\r?\n")
_CLI = re.compile(r"\baws\b[^\n;|&]{0,300}?\biam\s{1,20}create-access-key\b([^\n;|&]*)")
_SDK = re.compile(r"\bcreate_access_key\s{0,20}\(([^)]{0,2000})\)")
_POWERSHELL = re.compile(r"\bNew-IAMAccessKey\b([^\n;|]*)", re.IGNORECASE)
_LOGIN = re.compile(r"(?<![\w./-])aws(?: +--?\w[\w-]*(?:[ =][^\s-]\S*)?){0,9} +login\b")
_USER = re.compile(
    r"--user-name[\s=]+(?P<cli>[^\s\\]+)"
    r"|\bUserName\s*=\s*(?P<sdk>[^,)]+)"
    r"|-User(?:Name)?[\s:]+(?P<shell>[^\s`]+)",
    re.IGNORECASE,
)
_OPAQUE = re.compile(r"--cli-input-(?:json|yaml)|\*\*\w|@\w")

#: Words that say: the caller is the root user of the account.
_ROOT = re.compile(
    r"\bAWS_ROOT_\w+"
    r"|(?<![A-Za-z0-9])root_(?:account_|user_)?(?:access_key|key|secret|cred)\w*"
    r"|--profile[ =]{1,9}[\"'\\]{0,9}(?:[\w.-]{0,99}[_.-])?root(?![A-Za-z0-9])"
    r"|\bAWS_PROFILE\b[\"']?\s*[=:]\s*[\"'\\]{0,9}(?:[\w.-]{0,99}[_.-])?root(?![A-Za-z0-9])"
    r"|-ProfileName\s+[\"']?(?:[\w.-]{0,99}[_.-])?root(?![A-Za-z0-9])"
    r"|\bprofile_name\s*=\s*[\"'\\]{0,9}(?:[\w.-]{0,99}[_.-])?root(?![A-Za-z0-9])"
    r"|\blogin_session\s*=\s*[\"']?arn:[\w-]+:iam::\d*:root\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class KeyCommand:
    """One command. ``user`` is None when it names none; ``opaque`` when it may be hidden."""

    tool: str
    user: str | None
    opaque: bool = False


def key_commands(block: Block) -> tuple[KeyCommand, ...]:
    """The commands in a resource or data source that make an access key."""
    if block.kind not in ("resource", "data"):
        return ()
    text = script_text(block)
    return tuple(
        KeyCommand(tool, _user(match.group(1)), bool(_OPAQUE.search(match.group(1))))
        for tool, pattern in (
            ("aws iam create-access-key", _CLI),
            ("create_access_key()", _SDK),
            ("New-IAMAccessKey", _POWERSHELL),
        )
        for match in pattern.finditer(text)
    )


def signs_in(block: Block) -> bool:
    """True when a block runs ``aws login`` or writes the profile that command leaves behind."""
    if not runs_commands(block):
        return False
    text = script_text(block)
    return bool(_LOGIN.search(text) or re.search(r"\blogin_session\s*=", text))


def root_evidence(block: Block) -> str:
    """What in the block says that the caller is the root user; empty when nothing does."""
    match = _ROOT.search(script_text(block))
    return match.group().strip() if match else ""


def runs_commands(block: Block) -> bool:
    """True for provisioners and for the resources people put scripts in."""
    if block.kind not in ("resource", "data"):
        return False
    return block.type in _SCRIPTS or "provisioner" in set(block.names())


def script_text(block: Block) -> str:
    """The text of a block without comment lines, continued lines joined, plus what it evaluates to.

    The source keeps commands whose parts are unknown, the values those that stand in a local.
    """
    source = _COMMENT_LINE.sub("", block.source())
    parts = [source, *(text for text in _values(block) if text not in source)]
    return _CONTINUED.sub(" ", "\n".join(parts))


def _values(block: Block) -> Iterator[str]:
    for name in block.names():
        for _, member in block[name].walk():
            if member.text is not None:
                yield _COMMENT_LINE.sub("", member.text)


def _user(arguments: str) -> str | None:
    match = _USER.search(arguments)
    if match is None:
        return None
    return next(part for part in match.groups() if part).strip("\"' \\")
