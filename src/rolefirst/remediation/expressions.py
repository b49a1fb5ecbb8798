"""Expressions of the scanned code, repeated in the Terraform that is written beside it.

An expression such as ``data.aws_iam_policy_document.ci[0].json`` means the same in every file of
its directory, for every call of a module; its value does not. So it is repeated as it is written,
laid out as ``terraform fmt`` does. What is not one whole expression, hides characters or means
something only inside its own block is refused: None says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.reader import parse
from rolefirst.remediation.filters import Safe

#: An inline policy holds 2,048 characters and a managed one 6,144, without blanks.
MAX_LENGTH = 20_000
_MAX_DEPTH = 40
_TOKEN = re.compile(
    r"(?P<blank>[ \t]+)|(?P<newline>\n)|(?P<comment>(?:\#|//)[^\n]*)|(?P<quote>\")|(?!/\*)(?:"
    r"(?P<heredoc><<-?(?P<tag>[A-Za-z_]\w*)\n)|(?P<word>[A-Za-z_][\w-]*|\d+(?:\.\d+)?)"
    r"|(?P<mark>\.\.\.|&&|\|\||==|!=|<=|>=|=>|::|[-+*/%<>!?:.,=()\[\]{}]))",
    re.ASCII,
)
_TEXT = re.compile(r'(?:[^"\\$%\n]|\\.|\$\$\{|%%\{|[$%](?!\{))*')
#: Names that mean something only inside the block where they stand.
_LOCAL_NAMES = re.compile(r"(?<![\w.-])(?:each|count|self)\.")
_KEY_MATERIAL = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")
_CLOSER = {"(": ")", "[": "]", "{": "}"}
#: What stands before a negation; before a subtraction stands the end of an expression.
_OPERATORS = frozenset(("", *"([{=:,?+-*/%!<>", "==", "!=", "<=", ">=", "&&", "||"))
_REFERENCE = re.compile(r'[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*|\[(\d+|"[^"\\${}%]*")\])+', re.ASCII)


class _Refused(ValueError):
    """The text is no expression that can be repeated."""


def is_reference(expression: str) -> bool:
    """True when ``expression`` is a plain traversal of something outside of its block."""
    return (
        len(expression) <= 500
        and expression.isprintable()
        and _REFERENCE.fullmatch(expression) is not None
        and re.split(r"[.\[]", expression, maxsplit=1)[0] not in ("each", "count", "self")
    )


def is_literal(text: str) -> bool:
    """True when the text is one quoted string or heredoc without anything to evaluate."""
    body = text.strip()
    quoted = re.fullmatch(r'"(?:[^"\\\n]|\\.)*"', body)
    return (quoted is not None or body.startswith("<<")) and not re.search(r"[$%]\{", body)


def layout(text: str, depth: int = 1, *, one_line: bool = False) -> Safe | None:
    """The expression as ``terraform fmt`` lays it out in a block ``depth`` levels deep."""
    text = text.replace("\r\n", "\n").strip()
    hidden = any(not (c.isprintable() or c in "\n\t") for c in text)
    if not text or len(text) > MAX_LENGTH or hidden:
        return None
    if _LOCAL_NAMES.search(text) or _KEY_MATERIAL.search(text):
        return None
    try:
        tokens, end = _read(text, 0, "", 0)
        if end != len(text):
            return None
        parse(text)
        if one_line and any("\n" in token for token in tokens):
            return None
        return Safe("\n".join(_lines(_unwrapped(tokens), depth)))
    except (_Refused, ExpressionError, RecursionError):
        return None


def in_template(text: str) -> Safe | None:
    """The expression as a part of a quoted template: the text of a string, else ``${…}``."""
    laid = layout(text, one_line=True)
    if laid is None:
        return None
    whole = laid.startswith('"') and _string(laid, 1, 0)[1] == len(laid)
    return Safe(laid[1:-1] if whole else "${" + laid + "}")


def _read(text: str, at: int, closer: str, depth: int) -> tuple[list[str], int]:
    """The tokens up to ``closer`` (or the end), and the offset behind it."""
    if depth > _MAX_DEPTH:
        raise _Refused
    tokens: list[str] = []
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _Refused
        token, at = found[0], found.end()
        if found["blank"]:
            continue
        if token == closer:
            return [*tokens, token], at
        if found["quote"]:
            token, at = _string(text, at, depth)
            tokens.append(token)
        elif found["heredoc"]:
            end = re.compile(rf"^[ \t]*{found['tag']}$", re.MULTILINE).search(text, at)
            if end is None or "%{" in text[at : end.end()]:
                raise _Refused
            tokens.append(token + text[at : end.end()])
            at = end.end()
        elif token in _CLOSER:
            inner, at = _read(text, at, _CLOSER[token], depth + 1)
            tokens += [token, *inner]
        elif token in _CLOSER.values():
            raise _Refused
        else:
            tokens.append(token)
    if closer:
        raise _Refused
    return tokens, at


def _string(text: str, at: int, depth: int) -> tuple[str, int]:
    """A quoted string whose text starts at ``at``, its interpolations laid out."""
    parts = ['"']
    while True:
        plain = _TEXT.match(text, at)
        parts.append(plain[0] if plain else "")
        at = plain.end() if plain else at
        if text.startswith('"', at):
            return "".join((*parts, '"')), at + 1
        if not text.startswith("${", at) or text.startswith("${~", at):
            raise _Refused
        tokens, at = _read(text, at + 2, "}", depth + 1)
        if any("\n" in token or token.startswith(("#", "//")) for token in tokens):
            raise _Refused
        parts += ["${", _spaced(tokens[:-1]), "}"]


def _unwrapped(tokens: list[str]) -> list[str]:
    """``"${x}"`` is ``x``."""
    if len(tokens) != 1 or not tokens[0].startswith('"${'):
        return tokens
    inner, end = _read(tokens[0], 3, "}", 0)
    return inner[:-1] if end == len(tokens[0]) - 1 else tokens


def _lines(tokens: list[str], depth: int) -> Iterator[str]:
    """The lines of the expression: indented by brackets, equals signs in one column."""
    lines: list[list[str]] = [[]]
    for token in tokens:
        if token == "\n":
            lines.append([])
        else:
            lines[-1].append(token)
    indents: list[int] = []
    chain: list[tuple[str, str]] = []
    for number, line in enumerate(lines):
        change = _change(line)
        _close(indents, -change)
        pad = "  " * (depth + len(indents)) if number and line else ""
        if change > 0:
            indents.append(change)
        split = _assignment(line) if number else 0
        if split:
            chain.append((pad + _spaced(line[:split]), _spaced(line[split:])))
            continue
        yield from _aligned(chain)
        chain = []
        yield pad + _spaced(line)
    yield from _aligned(chain)


def _aligned(chain: list[tuple[str, str]]) -> Iterator[str]:
    width = max((len(left) for left, _ in chain), default=0)
    return (f"{left:<{width}} {right}" for left, right in chain)


def _assignment(line: list[str]) -> int:
    """The position of the equals sign of a member that ends on its line, else 0."""
    if "=" not in line[1:]:
        return 0
    position = line.index("=", 1)
    return position if _change(line[position:]) == 0 else 0


def _change(line: list[str]) -> int:
    """How many brackets the line leaves open; what stands behind a heredoc does not count."""
    change = 0
    for token in line:
        change += (token in _CLOSER) - (token in _CLOSER.values())
        if token.startswith("<<"):
            break
    return change


def _close(indents: list[int], closed: int) -> None:
    """Take back the levels that a line closes: one for each line that opened them."""
    while closed > 0 and indents:
        opened = indents.pop()
        if opened > closed:
            indents.append(opened - closed)
        closed -= opened


def _spaced(line: list[str]) -> str:
    """The tokens of a line with the spaces that belong between them."""
    parts: list[str] = []
    for number, token in enumerate(line):
        if token.startswith(("#", "//")) and number:
            raise _Refused  # comments behind code stand in columns of their own
        before = line[number - 2] if number > 1 else ""
        if number and _space(before, line[number - 1], token):
            parts.append(" ")
        parts.append(token)
    return "".join(parts)


def _space(before: str, left: str, right: str) -> bool:
    """Whether ``terraform fmt`` puts a space between two tokens."""
    word = left[0].isalnum() or left[0] == "_"
    name = word and not left[0].isdigit()
    if right in (",", "...", ".") or left in (".", "::") or right == "::":
        return False
    if name and right == "(":
        return False
    if left == "," or (left == "in" and (before[:1].isalpha() or before[:1] == "_")):
        return True
    if right == "[" and (word or left in _CLOSER.values()):
        return False
    if left == "!":
        return False
    if left == "-":
        return before not in _OPERATORS
    if left == "{" or right == "}":
        return not (left == "{" and right == "}")
    return left not in _CLOSER and right not in _CLOSER.values()
