"""Text with expressions in it: quoted strings, heredocs, template files.

Whoever reads the expression around it, the text in it is read here. What strip markers and
indentation take away is what Terraform takes away, token by token: in a heredoc every line is a
token, elsewhere all text between two sequences is one.
Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rolefirst.loaders.hcl.expressions import (
    Expression,
    ExpressionError,
    Literal,
    Opaque,
    Template,
    shift,
)
from rolefirst.loaders.hcl.lexical import flat, walk

#: What reads the expressions in a text.
Parse = Callable[[str], Expression]
#: Strings in templates of strings in templates …: each level is read once more for its own.
MAX_DEPTH = 10
_OPENING = re.compile(rb"\$\$\{|%%\{|[$%]\{")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NAME = r"[^\W\d][\w-]*"
_DIRECTIVE = re.compile(rf"(?:if|for\s+{_NAME}(?:\s*,\s*{_NAME})?\s+in)\b\s*(.*)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A token of a template: ``text``, ``expression`` or ``directive``, without its markers."""

    kind: str
    content: str
    offset: int


def template(text: str, parse: Parse) -> Expression:
    """What a template file stands for. Raises ExpressionError."""
    return _joined(split(text), parse, 0)


def quoted(raw: str, parse: Parse) -> Expression:
    """What a string, from quote to quote, stands for. Raises ExpressionError."""
    return _joined(split(raw[1:-1], escapes=True), parse, 1)


def heredoc(raw: str, parse: Parse) -> Expression:
    """What a heredoc, from ``<<`` to its closing tag, stands for. Raises ExpressionError."""
    head, _, rest = raw.partition("\n")
    body = rest[: rest.rfind("\n") + 1]
    if rest[len(body) :].strip() != head.lstrip("<-").strip():
        raise ExpressionError("a heredoc that is never closed")
    parts = split(body, by_line=True)
    if head.startswith("<<-"):
        parts = _without_margin(parts)
    return _joined(parts, parse, len(head) + 1)


def split(text: str, *, by_line: bool = False, escapes: bool = False) -> list[Part]:
    """The tokens of a template. Raises ExpressionError when a sequence in it is never closed."""
    data = flat(text)
    parts: list[Part] = []
    start = position = 0
    trim = False
    while opening := _OPENING.search(data, position):
        position = opening.end()
        if len(opening[0]) == 3:  # the escapes for a literal ${ and %{
            continue
        close, closed = walk(data, position, False, len(data))
        if not closed:
            raise ExpressionError("a template that is never closed", position)
        inner = text[position:close]
        lead = inner.startswith("~")
        parts += _texts(text[start : opening.start()], start, by_line, escapes, (trim, lead))
        trim = inner.endswith("~") and len(inner) > lead
        kind = "expression" if opening[0] == b"${" else "directive"
        parts.append(Part(kind, inner[lead : len(inner) - trim], position + lead))
        start = position = close + 1
    parts += _texts(text[start:], start, by_line, escapes, (trim, False))
    return parts


def _texts(
    raw: str, offset: int, by_line: bool, escapes: bool, trim: tuple[bool, bool]
) -> list[Part]:
    """The tokens of the text between two sequences, of which each may have a strip marker."""
    parts = []
    for line in _LINE.findall(raw) if by_line else [raw] if raw else []:
        content = line.replace("$${", "${").replace("%%{", "%{")
        parts.append(Part("text", unescape(content) if escapes else content, offset))
        offset += len(line)
    if parts and trim[0]:
        parts[0] = replace(parts[0], content=parts[0].content.lstrip())
    if parts and trim[1]:
        parts[-1] = replace(parts[-1], content=parts[-1].content.rstrip())
    return parts


def _without_margin(parts: list[Part]) -> list[Part]:
    """The tokens of a ``<<-`` heredoc without the blanks that all of its lines begin with."""
    begins = [
        index
        for index, part in enumerate(parts)
        if index == 0 or (parts[index - 1].kind == "text" and parts[index - 1].content[-1:] == "\n")
    ]
    margins = {index: _margin(parts[index]) for index in begins}
    found = [margin for margin in margins.values() if margin is not None]
    cut = min(found, default=0)
    return [
        replace(part, content=part.content[cut:]) if margins.get(index) is not None else part
        for index, part in enumerate(parts)
    ]


def _margin(part: Part) -> int | None:
    """How many blanks a line begins with; None for an empty line, which does not count."""
    if part.kind != "text":
        return 0
    if part.content.isspace() and part.content.endswith("\n"):
        return None
    return len(part.content) - len(part.content.lstrip())


def _joined(parts: list[Part], parse: Parse, base: int) -> Expression:
    """A literal when the template is text alone."""
    nodes: list[Expression] = []
    written = ""
    for part in parts:
        if part.kind == "text":
            written += part.content
            continue
        if written:
            nodes.append(Literal(written))
            written = ""
        read = _expression if part.kind == "expression" else _directive
        nodes.append(read(part.content, parse, base + part.offset))
    if written or not nodes:
        nodes.append(Literal(written))
    return joined(nodes)


def joined(nodes: list[Expression]) -> Expression:
    """A literal when every part is text, a template otherwise."""
    if all(isinstance(node, Literal) and isinstance(node.value, str) for node in nodes):
        return Literal("".join(str(node.value) for node in nodes if isinstance(node, Literal)))
    return Template(tuple(nodes))


def _expression(text: str, parse: Parse, start: int) -> Expression:
    if "\n" in text:  # newlines are blanks here, as they are in parentheses
        text, start = f"({text})", start - 1
    else:
        text, start = text.strip(), start + len(text) - len(text.lstrip())
    try:
        return shift(parse(text), start)
    except ExpressionError as error:
        raise ExpressionError(str(error), start + error.offset) from None


def _directive(text: str, parse: Parse, start: int) -> Expression:
    """``if`` and ``for`` are not computed, but what they refer to is kept."""
    start += len(text) - len(text.lstrip())
    found = _DIRECTIVE.fullmatch(text.strip())
    inner = (_expression(found[1], parse, start + found.start(1)),) if found else ()
    return Opaque(inner, "a template directive")


def unescape(text: str) -> str:
    """Resolve the escapes of a quoted string; an unknown one stays as it is."""

    def character(found: re.Match[str]) -> str:
        if code := found[1] or found[2]:
            number = int(code, 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return _ESCAPES.get(found[3], found[0])

    return _ESCAPE.sub(character, text) if "\\" in text else text
