"""What templates print with: every value from a scanned repository passes one of these filters.

A template cannot print a plain value. The filters make ``Safe`` text, and the environment refuses
anything else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping


class Safe(str):
    """Text that is safe where it is printed. Only filters and ``expressions`` make it."""

    __slots__ = ()


_IDENTIFIER = r"[A-Za-z_][\w-]*"
_PROVIDER = re.compile(_IDENTIFIER + r"(\." + _IDENTIFIER + ")?", re.ASCII)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def only_safe(value: object) -> Safe:
    """Refuse to print what passed no filter."""
    if isinstance(value, Safe):
        return value
    raise TypeError("a template prints a value that passed no filter")


def is_provider(alias: str) -> bool:
    """True when ``alias`` names a provider configuration, such as ``aws.west``."""
    return len(alias) <= 200 and _PROVIDER.fullmatch(alias) is not None


def provider(alias: str) -> Safe:
    """A provider configuration, as it is. Raises ValueError: ask ``is_provider`` first."""
    if not is_provider(alias):
        raise ValueError("not the name of a provider configuration")
    return Safe(alias)


def hcl(value: str, *, ascii_only: bool = False) -> Safe:
    """A quoted HCL string that means exactly ``value`` and evaluates nothing."""
    parts = []
    for character in value.encode("utf-8", "replace").decode():
        code = ord(character)
        if character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif character.isascii() if ascii_only else character.isprintable():
            parts.append(character if character.isprintable() else f"\\u{code:04x}")
        else:
            parts.append(f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
    return Safe('"' + _literal("".join(parts)) + '"')


def _literal(text: str) -> str:
    """Double what would start an interpolation or a directive."""
    return text.replace("${", "$${").replace("%{", "%%{")


def hcl_list(values: Iterable[str]) -> Safe:
    """A list of strings on one line."""
    return Safe("[" + ", ".join(hcl(value) for value in values) + "]")


def hcl_map(mapping: Mapping[str, str], indent: int = 2) -> Safe:
    """A map of strings, aligned as ``terraform fmt`` does.

    Keys are ASCII, because Terraform counts what a reader sees and not what Python counts.
    """
    keys = [hcl(key, ascii_only=True) for key in mapping]
    width = max(map(len, keys), default=0)
    pad = " " * indent
    members = zip(keys, mapping.values(), strict=True)
    lines = [f"{pad}  {key:<{width}} = {hcl(value)}\n" for key, value in members]
    return Safe("{\n" + "".join(lines) + pad + "}")


def hcl_json(text: str) -> Safe | None:
    """A policy's JSON as a heredoc that evaluates nothing; None when it is no JSON object."""
    try:
        data = json.loads(text)
        lines = json.dumps(data, indent=2, allow_nan=False).splitlines()
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    return Safe("<<-JSON\n" + _literal("".join(f"    {line}\n" for line in lines)) + "  JSON")


def label(value: str, limit: int = 64) -> Safe:
    """A Terraform identifier made of ``value``; a digest keeps shortened ones apart."""
    text = re.sub(r"[^a-z0-9_]+", "_", value.lower()).strip("_")
    if not text or not text[0].isalpha():
        text = f"key_{text}" if text else f"key_{_digest(value)}"
    return Safe(_bounded(text, value, limit, "_"))


def iam_name(value: str, limit: int) -> str:
    """A name that IAM accepts, at most ``limit`` characters long."""
    text = re.sub(r"[^A-Za-z0-9_+=,.@-]+", "-", value).strip("-")
    return _bounded(text or f"key-{_digest(value)}", value, limit, "-")


def joined(joint: str, first: str, *rest: str) -> str:
    """The parts as one name, each without the words that what stands before it ends with."""
    text = first
    for part in rest:
        before, words = _words(text), _words(part)
        longest = min(len(before), len(words))
        repeated = next((n for n in range(longest, 0, -1) if before[-n:] == words[:n]), 0)
        text = joint.join([text, *words[repeated:]])
    return text


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _bounded(text: str, value: str, limit: int, joint: str) -> str:
    return text if len(text) <= limit else text[: limit - 9] + joint + _digest(value)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:8]


def plain(value: str, default: str = "", limit: int = 240) -> Safe:
    """One line for a comment or a step: nothing in it ends the line, hides or reorders text."""
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return Safe((text if len(text) <= limit else text[: limit - 1] + "…") or default)


def quoted(value: str) -> Safe:
    """One line in double quotes, as YAML and JSON read it."""
    return Safe(json.dumps(plain(value), ensure_ascii=False))


def number(value: int) -> Safe:
    """A whole number."""
    return Safe(f"{value:d}")


#: What a template may use.
ALL = (hcl, hcl_list, hcl_map, label, number, plain, provider, quoted)
