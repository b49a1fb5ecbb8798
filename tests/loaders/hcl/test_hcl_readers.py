"""Two readers of expressions, one for each door: whatever is written, they read the same."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rolefirst.loaders.hcl import reader
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.parser import _parse, parse

ATOMS = [
    *("true", "false", "null", "0", "42", "1.50", "2e3", "1.5E-2", "-7", "- 1", "9" * 20),
    *("var.a", "local.b-c", "data.t.n.id", "each.value", "_x", "é.ü", "var.a[var.i]"),
    *("t.n[0].id", 't.n["k"].id', "t.n[*].id", "t.n.*.id", "t.n.0.id", "t.n.*.id[0].x"),
    *("t.n[each.key][*].a[0]", "module.m.o", "f()", "ns::of::f(1)"),
]
#: In quotes: escapes, what looks like a template and what would end a careless reader's string.
WRITTEN = [
    *(
        "",
        "a b",
        "é",
        "  ",
        "}",
        "{",
        "(",
        "# no",
        "/* no",
        "// no",
        "<<EOT",
        "'",
        "$ ",
        "% ",
        "$$ ",
    ),
    *('\\"', "\\\\", "\\n", "\\u00e9", "\\U0001F600", "$${", "%%{", "$${x}", "%%{ if }", "~}"),
]
LINES = ["", " ", "\t", "text", '"q"', "\\n", "$${", "}", "# no", "EOTX", "é", "% "]
BLANKS = ["", " ", "  ", "\n", "\n  ", ' /* } " */ ', ' # " }\n', "// it's\n"]
KEYS = ["k", "for_each", "true", "null", "if", '"q k"', "7", "(var.k)", "(7)", "(var)"]
DIRECTIVES = ["else", "endif", "endfor", "if {}", "if !{}", "for x in {}", "for k, v in {}"]
OPERATORS = ["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"]


class Writer:
    """Writes random expressions, at most ``depth`` levels inside each other."""

    def __init__(self, draw: st.DrawFn, depth: int) -> None:
        self.draw = draw
        self.depth = depth

    def one(self, texts: list[str]) -> str:
        return self.draw(st.sampled_from(texts))

    def some(self, write: Callable[[], str], most: int = 3) -> list[str]:
        return [write() for _ in range(self.draw(st.integers(0, most)))]

    def blank(self) -> str:
        return self.one(BLANKS)

    def expression(self) -> str:
        if self.depth == 0:
            return self.one(ATOMS)
        self.depth -= 1
        write = [
            *(
                self.string,
                self.list,
                self.object,
                self.lines,
                self.call,
                self.brackets,
                self.steps,
            ),
            *(self.operators, self.unary, self.conditional, self.loop, self.object_loop),
            lambda: self.one(ATOMS),
        ]
        text = self.draw(st.sampled_from(write))()
        self.depth += 1
        return text

    def item(self) -> str:
        """An expression where a newline may follow, as it has to behind a heredoc."""
        return self.heredoc() + "\n" if self.draw(st.integers(0, 5)) == 0 else self.expression()

    # --- text ---

    def template(self) -> str:
        left, right = self.one(["", "~"]), self.one(["", "~"])
        if self.draw(st.integers(0, 3)):
            return f"${{{left}{self.blank()}{self.expression()}{self.blank()}{right}}}"
        directive = self.one(DIRECTIVES).format(self.expression())
        return f"%{{{left} {directive} {right}}}"

    def string(self) -> str:
        parts = self.some(lambda: self.draw(st.sampled_from([self.template, self.text]))(), 4)
        return '"' + "".join(parts) + '"'

    def text(self) -> str:
        return self.one(WRITTEN)

    def heredoc(self) -> str:
        def line() -> str:
            parts = [self.one(LINES), *self.some(self.template, 2), self.one(LINES)]
            return self.one(["", "  ", "\t", "    "]) + "".join(parts) + "\n"

        body = "".join(self.some(line, 4))
        tag = f"EOT{self.depth}"
        return f"<<{self.one(['', '-'])}{tag}\n{body}{self.one(['', '  '])}{tag}"

    # --- what holds other expressions ---

    def list(self) -> str:
        items = self.some(lambda: self.blank() + self.item() + self.blank())
        return "[" + ",".join(items) + "]"

    def pair(self, value: str) -> str:
        key = self.one(KEYS) if self.draw(st.integers(0, 3)) else self.string()
        return key + self.one([" = ", "=", ": ", " : "]) + value

    def object(self) -> str:
        return "{ " + ", ".join(self.some(lambda: self.pair(self.expression()))) + " }"

    def lines(self) -> str:
        pairs = self.some(lambda: self.pair(self.item().rstrip("\n")) + "\n")
        return "{ # }\n" + "".join(pairs) + "}"

    def call(self) -> str:
        if self.draw(st.booleans()):
            return f"f({self.expression()}...)"
        arguments = [self.item(), *self.some(self.item, 2)]
        return f"f({self.blank()}{','.join(arguments)}{self.blank()})"

    def brackets(self) -> str:
        return f"({self.blank()}{self.expression()}{self.blank()})"

    def steps(self) -> str:
        return f"({self.expression()}).a[{self.expression()}]"

    def operators(self) -> str:
        first, second = self.one(OPERATORS), self.one(OPERATORS)
        operands = [self.expression() for _ in range(3)]
        if self.draw(st.booleans()):
            return f"{operands[0]} {first} {operands[1]} {second} {operands[2]}"
        return f"({operands[0]}\n{first} {operands[1]})"

    def unary(self) -> str:
        return f"{self.one(['!', '-', '!!', '-!'])}({self.expression()})"

    def conditional(self) -> str:
        return f"{self.expression()} ? {self.expression()} : {self.expression()}"

    def condition(self) -> str:
        return f" if {self.expression()}" if self.draw(st.booleans()) else ""

    def loop(self) -> str:
        names = self.one(["x", "k, v"])
        return f"[for {names} in {self.expression()} : {self.expression()}{self.condition()}]"

    def object_loop(self) -> str:
        over, key, value = (self.expression() for _ in range(3))
        many = self.one(["", "..."])
        return f"{{\n for k, v in\n {over} :\n {key} => {value}{many}{self.condition()}\n}}"


@st.composite
def expressions(draw: st.DrawFn) -> str:
    writer = Writer(draw, draw(st.integers(0, 3)))
    text = draw(st.sampled_from([writer.expression, writer.heredoc]))()
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@given(expressions())
@example('"$${a ${b} %%{${c}"')
@example('{ (bb) = 1, bb = 2, ("bb") = 3 }')
@example("f(<<-EOT\r\n    a\r\n  b ${ [\r\n1 ]~}\r\n\r\n     EOT\r\n, 1)")
@settings(max_examples=300, deadline=None)
def test_both_readers_agree(text: str) -> None:
    said = reader.parse(text)
    assert parse(text) == said
    assert _parse(text) == said


@given(
    expressions(), st.integers(0, 200), st.integers(0, 3), st.sampled_from([*WRITTEN, "\n", '"'])
)
@settings(max_examples=300, deadline=None)
def test_both_readers_agree_on_what_the_strict_one_accepts(
    text: str, at: int, cut: int, new: str
) -> None:
    text = text[:at] + new + text[at + cut :]
    try:
        said = reader.parse(text)
    except ExpressionError:
        return
    assert parse(text) == said
