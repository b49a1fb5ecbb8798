"""Text of one expression → ``Expression``, by python-hcl2.

python-hcl2 costs 60 ms to import, more than a second when its grammar cache is cold and some
0.2 ms for the shortest expression. So it is imported when the first expression needs it, the
three forms that make up most of real code (a plain string, a number or bool, a dotted name) are
recognised without it, and the same text is parsed once.
"""

from __future__ import annotations

import os
import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rolefirst.errors import InputError
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

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

    Node = Tree[Token] | Token

#: Longer expressions are refused: at 0.2 MB/s they would hold up the whole scan.
MAX_LENGTH = 500_000
_STRING = re.compile(r'"[^"\\$%\n]*"')
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
#: What precedes the expression in the text that is given to python-hcl2.
_PREFIX = "x = "


class ExpressionError(ValueError):
    """The text is no HCL expression. ``offset`` counts characters from its start."""

    def __init__(self, message: str, offset: int = 0) -> None:
        """Keep the offset beside the message."""
        super().__init__(message)
        self.offset = offset


@lru_cache(maxsize=20_000)
def parse(text: str) -> Expression:
    """Parse one expression. Raises ExpressionError."""
    if _STRING.fullmatch(text):
        return Literal(text[1:-1])
    if text in _WORDS:
        return Literal(_WORDS[text])
    if _NUMBER.fullmatch(text):
        return Literal(float(text) if "." in text else int(text))
    if _DOTTED.fullmatch(text):
        first, *rest = text.split(".")
        node: Expression = Name(first, 0)
        for name in rest:
            node = Attribute(node, name)
        return node
    return _parse(text)


def _parse(text: str) -> Expression:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters, not read")
    grammar = _grammar()
    from lark.exceptions import LarkError, UnexpectedInput

    try:
        tree = grammar.parse(f"{_PREFIX}{text}\n")
        attribute = _trees(_trees(tree)[0])
        if len(attribute) != 1 or attribute[0].data != "attribute":
            raise ExpressionError("not a single expression")
        return _expression(_significant(attribute[0])[-1])
    except UnexpectedInput as error:
        offset = max((error.pos_in_stream or 0) - len(_PREFIX), 0)
        raise ExpressionError("not valid HCL", min(offset, len(text))) from None
    except LarkError:
        raise ExpressionError("not valid HCL") from None
    except RecursionError:
        raise ExpressionError("nested too deeply to be read") from None


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    """python-hcl2's parser, with a grammar cache of our own where its folder is read-only."""
    try:
        import hcl2.parser
        from hcl2.postlexer import PostLexer
    except ImportError:
        raise InputError(
            "The module hcl2 is not python-hcl2 8 or newer.",
            "checkov installs another package under the same name: install rolefirst in an "
            "environment of its own, for example with pipx, and use checks/ inside checkov.",
        ) from None
    bundled = Path(hcl2.parser.PARSER_FILE)
    if bundled.is_file() or os.access(bundled.parent, os.W_OK):
        return hcl2.parser.parser()
    from lark import Lark

    cache = _private_cache()
    return Lark.open(
        "hcl2.lark",
        rel_to=hcl2.parser.__file__,
        parser="lalr",
        cache=str(cache / "hcl2.lark.cache") if cache else False,
        propagate_positions=True,
        postlex=PostLexer(),
    )


def _private_cache() -> Path | None:
    """A cache folder that only this user can write: lark's cache is a pickle."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(base) / "rolefirst"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return None
    return None if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else folder


# --- python-hcl2's tree → Expression ---------------------------------------------------------


def _trees(node: Node) -> list[Tree[Token]]:
    return [c for c in node.children if hasattr(c, "data") and c.data != "new_line_or_comment"]  # type: ignore[union-attr]


def _significant(node: Tree[Token]) -> list[Node]:
    """The children without newlines and comments."""
    return [
        child
        for child in node.children
        if child is not None and getattr(child, "data", "") != "new_line_or_comment"
    ]


def _offset(node: Tree[Token]) -> int:
    return max(node.meta.start_pos - len(_PREFIX), 0)


def _expression(node: Node) -> Expression:
    if not hasattr(node, "data"):
        return Name(str(node), 0)
    convert = _CONVERTERS.get(str(node.data))
    if convert is None:
        raise ExpressionError(f"{node.data} is not supported here", _offset(node))
    return convert(node)


def _term(node: Tree[Token]) -> Expression:
    inner = _trees(node)
    if len(inner) != 1:
        raise ExpressionError("not valid HCL", _offset(node))
    return _expression(inner[0])


def _word(node: Tree[Token]) -> str:
    return str(node.children[0])


def _identifier(node: Tree[Token]) -> Expression:
    return Name(_word(node), _offset(node))


def _literal(node: Tree[Token]) -> Expression:
    return Literal(_WORDS[_word(node)])


def _integer(node: Tree[Token]) -> Expression:
    return Literal(int("".join(map(str, node.children))))


def _float(node: Tree[Token]) -> Expression:
    return Literal(float("".join(map(str, node.children))))


def unescape(text: str) -> str:
    """Resolve the escapes of a quoted string; an unknown one stays as it is."""

    def replace(found: re.Match[str]) -> str:
        if code := found[1] or found[2]:
            number = int(code, 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return _ESCAPES.get(found[3], found[0])

    return _ESCAPE.sub(replace, text) if "\\" in text else text


def _string(node: Tree[Token]) -> Expression:
    parts: list[Expression] = []
    for part in _trees(node):
        child = part.children[0]
        if not hasattr(child, "data"):
            text = str(child)
            escaped = child.type in ("ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE")
            parts.append(Literal(text[1:] if escaped else unescape(text)))
        elif child.data == "interpolation":
            parts.append(_expression(_trees(child)[0]))
        else:
            expressions = [c for c in _trees(child) if c.data != "identifier"]
            parts.append(Opaque(tuple(map(_expression, expressions)), "a template directive"))
    return _template(parts)


def _template(parts: list[Expression]) -> Expression:
    if all(isinstance(part, Literal) for part in parts):
        return Literal("".join(str(part.value) for part in parts if isinstance(part, Literal)))
    return Template(tuple(parts))


def template(text: str, base: int = 0) -> Expression:
    """The expression that a heredoc's body or a template file stands for.

    Raises ExpressionError when an interpolation in it cannot be parsed.
    """
    parts: list[Expression] = []
    for kind, content, offset in scanner.template_parts(text):
        if kind == "text":
            parts.append(Literal(content))
        elif kind == "expression":
            parts.append(_shift(parse(content.strip()), base + offset))
        else:
            parts.append(_directive(content.strip(), base + offset))
    return _template(parts)


_DIRECTIVE = re.compile(r"(?:if|for\s+[\w-]+(?:\s*,\s*[\w-]+)?\s+in)\s+(.*)", re.DOTALL)


def _directive(content: str, offset: int) -> Expression:
    found = _DIRECTIVE.fullmatch(content)
    parts = (_shift(parse(found[1].strip()), offset),) if found else ()
    return Opaque(parts, "a template directive")


def _shift(node: Expression, by: int) -> Expression:
    """The same expression with its names ``by`` characters further on."""
    match node:
        case Name(name, offset):
            return Name(name, offset + by)
        case Attribute(source, name):
            return Attribute(_shift(source, by), name)
        case Index(source, key):
            return Index(_shift(source, by), _shift(key, by))
        case Splat(source, path):
            return Splat(_shift(source, by), path)
        case Call(name, arguments, expand):
            return Call(name, tuple(_shift(a, by) for a in arguments), expand)
        case Template(parts):
            return Template(tuple(_shift(p, by) for p in parts))
        case _:
            return node


def _heredoc(node: Tree[Token]) -> Expression:
    raw = str(node.children[0])
    head, _, rest = raw.partition("\n")
    tag = head.strip().lstrip("<-~")
    lines = rest.split("\n")
    while lines and lines[-1].strip() != tag:
        lines.pop()
    lines = [line.removesuffix("\r") for line in lines[:-1]]
    if head.startswith("<<-"):
        margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
        cut = min(margins, default=0)
        lines = [line[cut:] for line in lines]
    text = "".join(f"{line}\n" for line in lines)
    return template(text, _offset(node) + len(head) + 1)


def _list(node: Tree[Token]) -> Expression:
    return List(tuple(map(_expression, _trees(node))))


def _object(node: Tree[Token]) -> Expression:
    items = []
    for element in _trees(node):
        key, value = _trees(element)
        items.append((_object_key(key), _expression(value)))
    return Object(tuple(items))


def _object_key(node: Tree[Token]) -> Expression:
    inner = _significant(node)[0]
    bare = inner
    if getattr(inner, "data", "") == "expr_term":
        children = _significant(inner)  # type: ignore[arg-type]
        bare = children[0] if len(children) == 1 else inner
    if getattr(bare, "data", "") in ("identifier", "keyword", "literal_value"):
        return Literal(_word(bare))  # type: ignore[arg-type]
    return _expression(inner)


def _call(node: Tree[Token]) -> Expression:
    children = _trees(node)
    names = [_word(c) for c in children if c.data == "identifier"]
    arguments = next((c for c in children if c.data == "arguments"), None)
    if arguments is None:
        return Call("::".join(names), ())
    expand = any(str(c) == "..." for c in arguments.children if not hasattr(c, "data"))
    return Call("::".join(names), tuple(map(_expression, _trees(arguments))), expand)


def _attribute(node: Tree[Token]) -> Expression:
    source, access = _trees(node)
    return Attribute(_expression(source), _word(_trees(access)[0]))


def _index_key(node: Tree[Token]) -> Expression:
    if node.data == "short_index":
        return Literal(int(str(node.children[-1])))
    return _expression(_trees(node)[0])


def _index(node: Tree[Token]) -> Expression:
    source, key = _trees(node)
    return Index(_expression(source), _index_key(key))


def _splat(node: Tree[Token]) -> Expression:
    source, splat = _trees(node)
    path: list[str | Expression] = [
        _word(_trees(step)[0]) if step.data == "get_attr" else _index_key(step)
        for step in _trees(splat)
    ]
    return Splat(_expression(source), tuple(path))


def _for(node: Tree[Token]) -> Expression:
    parts = _trees(node)
    intro = parts[0]
    names = [_word(c) for c in _trees(intro) if c.data == "identifier"]
    collection = [c for c in _trees(intro) if c.data != "identifier"][-1:]
    if not collection:  # `for x in y`, where y is a bare word
        collection = [_trees(intro)[-1]]
        names = names[:-1]
    condition = next((_expression(_trees(p)[-1]) for p in parts if p.data == "for_cond"), None)
    results = [_expression(p) for p in parts[1:] if p.data != "for_cond"]
    grouping = any(str(c) == "..." for c in node.children if not hasattr(c, "data"))
    return For(
        key_name=names[0] if len(names) > 1 else "",
        value_name=names[-1],
        collection=_expression(collection[0]),
        key=results[0] if len(results) > 1 else None,
        value=results[-1],
        condition=condition,
        grouping=grouping,
    )


def _conditional(node: Tree[Token]) -> Expression:
    condition, yes, no = map(_expression, _trees(node))
    return Conditional(condition, yes, no)


def _binary(node: Tree[Token]) -> Expression:
    left, term = _trees(node)
    operator, right = _trees(term)
    return Binary(str(operator.children[0]).split()[-1], _expression(left), _expression(right))


def _unary(node: Tree[Token]) -> Expression:
    return Unary(str(node.children[0]), _expression(_trees(node)[0]))


_CONVERTERS = {
    "expr_term": _term,
    "identifier": _identifier,
    "keyword": _identifier,
    "literal_value": _literal,
    "int_lit": _integer,
    "float_lit": _float,
    "string": _string,
    "interpolation": _term,
    "heredoc_template": _heredoc,
    "heredoc_template_trim": _heredoc,
    "tuple": _list,
    "object": _object,
    "function_call": _call,
    "get_attr_expr_term": _attribute,
    "index_expr_term": _index,
    "attr_splat_expr_term": _splat,
    "full_splat_expr_term": _splat,
    "for_tuple_expr": _for,
    "for_object_expr": _for,
    "conditional": _conditional,
    "binary_op": _binary,
    "unary_op": _unary,
}
