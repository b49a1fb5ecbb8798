"""Text of one HCL expression → ``Expression``, without any HCL library.

Inside checkov's environment the module ``hcl2`` is another package than the one the command line
reads HCL with. checkov's own reading of an expression is the evaluated rest of it, in which the
names are gone that say where a value came from. So the plugin reads the few expressions it needs
itself. Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

from __future__ import annotations

import re
from functools import lru_cache

from rolefirst.loaders.checkov_tokens import TOKEN, Tokens
from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    List,
    Literal,
    Name,
    Object,
    Opaque,
    Splat,
    Template,
    Unary,
)
from rolefirst.loaders.hcl.parser import ExpressionError, unescape

MAX_LENGTH = 500_000
#: Brackets, strings and operators inside each other; more is not written by people.
MAX_DEPTH = 80
_IN_STRING = re.compile(r'(?P<escape>\\.|\$\$\{|%%\{)|(?P<open>[$%]\{)|(?P<end>")', re.DOTALL)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_DIRECTIVE = re.compile(r"(?:if|for\s+[\w-]+(?:\s*,\s*[\w-]+)?\s+in)\s+(.*)", re.DOTALL)


@lru_cache(maxsize=20_000)
def parse(text: str) -> Expression:
    """Parse one expression. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters, not read")
    reader = _Reader(text)
    node = reader.expression()
    if reader.peek(lines=True):
        raise reader.error()
    return node


def template(text: str, base: int = 0) -> Expression:
    """The expression that a heredoc's body or a template file stands for.

    Raises ExpressionError when an interpolation in it cannot be parsed.
    """
    parts: list[Expression] = []
    for kind, content, offset in scanner.template_parts(text):
        if kind == "text":
            parts.append(Literal(content))
        elif kind == "expression":
            parts.append(_Reader(content, base + offset).whole())
        else:
            found = _DIRECTIVE.fullmatch(content.strip())
            inner = (_Reader(found[1], base + offset).whole(),) if found else ()
            parts.append(Opaque(inner, "a template directive"))
    return joined(parts)


def joined(parts: list[Expression]) -> Expression:
    """A literal when every part is one, a template otherwise."""
    if all(isinstance(part, Literal) for part in parts):
        return Literal("".join(str(part.value) for part in parts if isinstance(part, Literal)))
    return Template(tuple(parts))


class _Reader(Tokens):
    """Recursive descent over one text. ``base`` is added to the offsets of names."""

    # --- expressions ---

    def whole(self) -> Expression:
        """The whole text as one expression in which newlines are blanks."""
        self.lines[-1] = True
        node = self.expression()
        if self.peek():
            raise self.error()
        return node

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("nested too deeply to be read", self.base + self.at)
        node = self._binary(0)
        if self.take("?"):
            self.skip(True)
            yes = self.expression()
            self.expect(":", lines=True)
            self.skip(True)
            node = Conditional(node, yes, self.expression())
        self.depth -= 1
        return node

    def _binary(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        node = self._binary(level + 1)
        while operator := self.take(*_LEVELS[level]):
            node = Binary(operator, node, self._binary(level + 1))
        return node

    def _unary(self) -> Expression:
        operators = []
        while operator := self.take("!", "-"):
            operators.append(operator)
        node = self._postfix(self._primary())
        for operator in reversed(operators):
            number = node.value if isinstance(node, Literal) else None
            if operator == "-" and type(number) in (int, float):
                node = Literal(-number)  # type: ignore[operator]
            else:
                node = Unary(operator, node)
        return node

    def _postfix(self, node: Expression) -> Expression:
        while True:
            if self.take("."):
                if self.take("*"):
                    node = Splat(node, tuple(self._path(brackets=False)))
                else:
                    node = self._step(node)
            elif self.take("["):
                if self._star():
                    node = Splat(node, tuple(self._path(brackets=True)))
                else:
                    node = Index(node, self._inside("]"))
            else:
                return node

    def _step(self, node: Expression) -> Expression:
        found = TOKEN.match(self.text, self.at)
        if found is None or not found["number"]:
            return Attribute(node, self.name())
        self.at = found.end()
        for digits in found["number"].split("."):
            node = Index(node, Literal(int(digits) if digits.isdecimal() else digits))
        return node

    def _star(self) -> bool:
        """Behind ``[``: whether ``*]`` follows; it is consumed."""
        start = self.at
        if self.take("*", lines=True) and self.take("]", lines=True):
            return True
        self.at = start
        return False

    def _path(self, brackets: bool) -> list[str | Expression]:
        path: list[str | Expression] = []
        while True:
            if self.take("."):
                path.append(self.name())
            elif brackets and self.take("["):
                path.append(self._inside("]"))
            else:
                return path

    def _inside(self, closing: str) -> Expression:
        self.lines.append(True)
        node = self.expression()
        self.expect(closing)
        self.lines.pop()
        return node

    def _primary(self) -> Expression:
        token = self.peek()
        start = self.at
        found = TOKEN.match(self.text, self.at)
        if found is None:
            raise self.error()
        self.at = found.end()
        if found["heredoc"]:
            return self._heredoc(found[0])
        if found["number"]:
            return Literal(int(token) if token.isdecimal() else float(token))
        if found["name"]:
            if token in _WORDS:
                return Literal(_WORDS[token])
            return self._named(token, start)
        match token:
            case '"':
                return self._string()
            case "(":
                return self._inside(")")
            case "[":
                return self._list()
            case "{":
                return self._object()
        self.at = start
        raise self.error()

    def _named(self, name: str, start: int) -> Expression:
        while self.take("::"):
            name += f"::{self.name()}"
        if self.text[self.at : self.at + 1] != "(":
            return Name(name, self.base + start)
        self.at += 1
        self.lines.append(True)
        arguments: list[Expression] = []
        expand = False
        while not self.take(")"):
            arguments.append(self.expression())
            expand = bool(self.take("..."))
            if not self.take(",") and self.peek() != ")":
                raise self.error()
        self.lines.pop()
        return Call(name, tuple(arguments), expand)

    def _list(self) -> Expression:
        self.lines.append(True)
        if self.peek() == "for":
            node = self._for("]")
        else:
            items: list[Expression] = []
            while not self.take("]"):
                items.append(self.expression())
                if not self.take(",") and self.peek() != "]":
                    raise self.error()
            node = List(tuple(items))
        self.lines.pop()
        return node

    def _object(self) -> Expression:
        start = self.at
        if self.take("for", lines=True) and self.peek(lines=True) not in ("=", ":"):
            self.at = start
            self.lines.append(True)
            node = self._for("}")
            self.lines.pop()
            return node
        self.at = start
        self.lines.append(False)
        items: list[tuple[Expression, Expression]] = []
        while not self.take("}", lines=True):
            key = self.expression()
            if isinstance(key, Name):
                key = Literal(key.name)
            elif isinstance(key, Literal) and not isinstance(key.value, str):
                key = Literal(str(key.value).lower() if key.value is not None else "null")
            if not self.take("=", ":"):
                raise self.error()
            self.skip(True)
            items.append((key, self.expression()))
            if not self.take(",", "\n") and self.peek(lines=True) != "}":
                raise self.error()
        self.lines.pop()
        return Object(tuple(items))

    def _for(self, closing: str) -> Expression:
        self.expect("for", lines=True)
        names = [self.name()]
        if self.take(","):
            names.append(self.name())
        self.expect("in")
        collection = self.expression()
        self.expect(":")
        value = self.expression()
        key = None
        if self.take("=>"):
            key, value = value, self.expression()
        grouping = bool(self.take("..."))
        condition = self.expression() if self.take("if") else None
        self.expect(closing)
        first = names[0] if len(names) > 1 else ""
        return For(first, names[-1], collection, key, value, condition, grouping)

    # --- strings ---

    def _string(self) -> Expression:
        """The rest of a quoted string, behind its opening quote."""
        parts: list[Expression] = []
        written = ""
        while found := _IN_STRING.search(self.text, self.at):
            written += self.text[self.at : found.start()]
            self.at = found.end()
            if found["end"]:
                return joined([*parts, Literal(written)] if written or not parts else parts)
            if escape := found["escape"]:
                written += unescape(escape) if escape.startswith("\\") else escape[1:]
                continue
            if written:
                parts.append(Literal(written))
                written = ""
            parts.append(self._interpolation(directive=found["open"] == "%{"))
        raise self.error()

    def _interpolation(self, directive: bool) -> Expression:
        self.lines.append(True)
        self.take("~")
        inner: tuple[Expression, ...] = ()
        if directive:
            word = self.name()
            if word == "for":
                self.name()
                if self.take(","):
                    self.name()
                self.expect("in")
            inner = (self.expression(),) if word in ("if", "for") else ()
            node: Expression = Opaque(inner, "a template directive")
        else:
            node = self.expression()
        self.take("~")
        self.expect("}")
        self.lines.pop()
        return node

    def _heredoc(self, head: str) -> Expression:
        tag = head.strip().lstrip("<-~")
        closing = re.compile(rf"^[ \t]*{re.escape(tag)}(?![\w.-])", re.MULTILINE)
        found = closing.search(self.text, self.at)
        if found is None:
            raise self.error()
        start = self.at
        lines = self.text[start : found.start()].replace("\r\n", "\n").split("\n")[:-1]
        self.at = found.end()
        if head[2] in "-~":
            margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
            cut = min(margins, default=0)
            lines = [line[cut:] for line in lines]
        return template("".join(f"{line}\n" for line in lines), self.base + start)
