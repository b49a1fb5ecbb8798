"""Text of one expression → ``Expression``, without any library.

python-hcl2 refuses a part of what Terraform accepts, and inside checkov's environment it cannot
be had at all: the module ``hcl2`` is another package there. So this reader has the last word on
what python-hcl2 refuses, and the only one in the plugin.
Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

from __future__ import annotations

from functools import lru_cache, partial

from rolefirst.loaders.hcl import templates
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    ExpressionError,
    For,
    Index,
    List,
    Literal,
    Name,
    Object,
    Splat,
    Unary,
    negated,
    shift,
)
from rolefirst.loaders.hcl.lexical import heredoc_end, string_end
from rolefirst.loaders.hcl.tokens import TOKEN, Tokens, number

#: Longer expressions are refused: they would hold up the whole scan.
MAX_LENGTH = 500_000
#: Brackets and operators inside each other; more is not written by people.
MAX_DEPTH = 80
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_PRECEDENCE = {operator: level for level, found in enumerate(_LEVELS) for operator in found}


@lru_cache(maxsize=20_000)
def parse(text: str, depth: int = 0) -> Expression:
    """Parse one expression, ``depth`` templates deep. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters, not read")
    if depth > templates.MAX_DEPTH:
        raise ExpressionError("nested too deeply to be read")
    reader = Reader(text, partial(parse, depth=depth + 1))
    try:
        node = reader.expression()
    except RecursionError:
        raise ExpressionError("nested too deeply to be read") from None
    if reader.peek(lines=True):
        raise reader.error()
    return node


class Reader(Tokens):
    """Recursive descent over one text. ``inner`` reads what stands in its templates."""

    def __init__(self, text: str, inner: templates.Parse) -> None:
        """Start at the beginning of a text."""
        super().__init__(text)
        self.inner = inner

    def expression(self) -> Expression:
        """Read one expression."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("nested too deeply to be read", self.at)
        node = self._binary()
        if self.take("?"):
            self.skip(True)
            yes = self.expression()
            self.expect(":", lines=True)
            self.skip(True)
            node = Conditional(node, yes, self.expression())
        self.depth -= 1
        return node

    def _binary(self, lowest: int = 0) -> Expression:
        """Operands joined by operators that bind at least as strongly as ``lowest``."""
        node = self._unary()
        while (level := _PRECEDENCE.get(self.peek(), -1)) >= lowest:
            operator = self.take(*_LEVELS[level])
            node = Binary(operator, node, self._binary(level + 1))
        return node

    def _unary(self) -> Expression:
        operators = []
        while operator := self.take("!", "-"):
            operators.append(operator)
        node = self._postfix(self._primary())
        for operator in reversed(operators):
            node = negated(node) if operator == "-" else Unary(operator, node)
        return node

    def _postfix(self, node: Expression) -> Expression:
        while True:
            if self.take("."):
                if self.take("*"):
                    node = Splat(node, tuple(self._path(brackets=False)))
                    continue
                for step in self._steps():
                    node = Attribute(node, step) if isinstance(step, str) else Index(node, step)
            elif self.take("["):
                if self._star():
                    node = Splat(node, tuple(self._path(brackets=True)))
                else:
                    node = Index(node, self._inside("]"))
            else:
                return node

    def _steps(self) -> list[str | Expression]:
        """Behind a dot: a name or, as before Terraform 0.12, an index; ``0.1`` is two of them."""
        self.skip(self.lines[-1])
        found = TOKEN.match(self.text, self.at)
        if found is None or not found["number"]:
            return [self.name()]
        self.at = found.end()
        return [number(digits, found.start()) for digits in found["number"].split(".")]

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
                path += self._steps()
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
        if tag := found["heredoc"]:
            self.at = heredoc_end(self.flat, tag.encode(), self.at)
            return shift(templates.heredoc(self.text[start : self.at], self.inner), start)
        if found["number"]:
            return number(token, start)
        if found["name"]:
            if token in _WORDS:
                return Literal(_WORDS[token])
            return self._named(token, start)
        if found["escaped"]:  # Terraform 0.11: a string in a template whose quotes are escaped
            return Literal(templates.unescape(token[2:-2]))
        match token:
            case '"':
                return self._string(start)
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
        if not self.take("("):
            return Name(name, start)
        self.lines.append(True)
        arguments: list[Expression] = []
        expand = False
        while not self.take(")"):
            arguments.append(self.expression())
            expand = bool(self.take("..."))
            if not self.take(",") and self.peek() != ")":
                raise self.error()
        self.lines.pop()
        return Call(name.removeprefix("core::"), tuple(arguments), expand)

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
            word = self.peek()
            key = self.expression()
            if word in _WORDS or (isinstance(key, Name) and key.name == word):
                key = Literal(word)  # a bare key is text; one in brackets is computed
            if not self.take("=", ":"):
                raise self.error()
            self.skip(True)
            items.append((key, self.expression()))
            if not self.take(",", "\n") and self.peek(lines=True) != "}":
                raise self.error()
        self.lines.pop()
        return Object(tuple(items))

    def _string(self, start: int) -> Expression:
        self.at, closed = string_end(self.flat, self.at, len(self.flat))
        if not closed:
            raise ExpressionError("a string that is never closed", start)
        return shift(templates.quoted(self.text[start : self.at], self.inner), start)

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
