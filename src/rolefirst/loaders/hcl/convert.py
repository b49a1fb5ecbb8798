"""python-hcl2's tree → ``Expression``."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from rolefirst.loaders.hcl.templates import Parse, heredoc, quoted, unescape
from rolefirst.loaders.hcl.tokens import number

if TYPE_CHECKING:
    from lark import Token, Tree

    Node = Tree[Token] | Token

#: What precedes the expression in the text that is given to python-hcl2.
PREFIX = "x = "
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def convert(tree: Tree[Token], text: str, parse: Parse) -> Expression:
    """The expression of the one attribute that was parsed. Raises ExpressionError.

    The strings in the tree are blank: what stands in them is read from the ``text`` first.
    """
    for node in tree.find_data("string"):
        start, end = _offset(node), node.meta.end_pos - len(PREFIX)
        read = quoted if text[start] == '"' else heredoc
        node.children = [shift(read(text[start:end], parse), start)]  # type: ignore[list-item]
    attribute = _trees(_trees(tree)[0])
    if len(attribute) != 1 or attribute[0].data != "attribute":
        raise ExpressionError("not a single expression")
    return _expression(_significant(attribute[0])[-1])


def _trees(node: Node) -> list[Tree[Token]]:
    children: list[Node] = getattr(node, "children", [])
    return [
        child  # type: ignore[misc]  # a token has no data
        for child in children
        if getattr(child, "data", "new_line_or_comment") != "new_line_or_comment"
    ]


def _significant(node: Tree[Token]) -> list[Node]:
    """The children without newlines and comments."""
    return [
        child
        for child in node.children
        if child is not None and getattr(child, "data", "") != "new_line_or_comment"
    ]


def _offset(node: Tree[Token]) -> int:
    return max(node.meta.start_pos - len(PREFIX), 0)


def _expression(node: Node) -> Expression:
    kind = str(getattr(node, "data", "token"))
    converter = _CONVERTERS.get(kind)
    if converter is None:
        raise ExpressionError(f"{kind} is not supported here")
    return converter(node)  # type: ignore[arg-type]  # a token has no converter


def _term(node: Tree[Token]) -> Expression:
    inner = _trees(node)
    if len(inner) != 1:
        raise ExpressionError("not valid HCL", _offset(node))
    return _expression(inner[0])


def _word(node: Tree[Token]) -> str:
    return str(node.children[0])


def _number(node: Tree[Token]) -> Expression:
    return number("".join(map(str, node.children)), _offset(node))


def _string(node: Tree[Token]) -> Expression:
    return node.children[0]  # type: ignore[return-value]  # put there by convert


def _escaped_string(node: Tree[Token]) -> Expression:
    """Terraform 0.11: a string in a template whose quotes are escaped."""
    return Literal(unescape(_word(node)[2:-2]))


def _identifier(node: Tree[Token]) -> Expression:
    return Name(_word(node), _offset(node))


def _literal(node: Tree[Token]) -> Expression:
    return Literal(_WORDS[_word(node)])


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
    path: list[str | Expression] = []
    steps = _trees(splat)
    while steps and (splat.data == "full_splat" or steps[0].data != "braces_index"):
        path.append(_step(steps.pop(0)))
    result: Expression = Splat(_expression(source), tuple(path))
    # The brackets behind `.*` belong to the whole list: `a.*.b[0]` is `(a.*.b)[0]`.
    for step in map(_step, steps):
        result = Attribute(result, step) if isinstance(step, str) else Index(result, step)
    return result


def _step(node: Tree[Token]) -> str | Expression:
    return _word(_trees(node)[0]) if node.data == "get_attr" else _index_key(node)


def _for(node: Tree[Token]) -> Expression:
    intro, *parts = _trees(node)
    *names, collection = _trees(intro)
    condition = next((_expression(_trees(p)[-1]) for p in parts if p.data == "for_cond"), None)
    results = [_expression(part) for part in parts if part.data != "for_cond"]
    grouping = any(str(c) == "..." for c in node.children if not hasattr(c, "data"))
    return For(
        key_name=_word(names[0]) if len(names) > 1 else "",
        value_name=_word(names[-1]),
        collection=_expression(collection),
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
    operator, operand = str(node.children[0]), _expression(_trees(node)[0])
    return negated(operand) if operator == "-" else Unary(operator, operand)


_CONVERTERS = {
    "expr_term": _term,
    "identifier": _identifier,
    "keyword": _identifier,
    "literal_value": _literal,
    "int_lit": _number,
    "float_lit": _number,
    "string": _string,
    "template_string": _escaped_string,
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
