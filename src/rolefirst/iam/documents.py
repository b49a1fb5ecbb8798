"""What a policy document says, statement by statement, as far as the code states it.

Code writes a document as ``jsonencode``, as JSON text, as a ``data.aws_iam_policy_document`` or by
reference to one of these. Here it is the same ``Document`` each time, in which one statement can be
judged when another is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from rolefirst.iam.statements import (
    UNNAMED,
    Condition,
    Document,
    Principal,
    Statement,
    Text,
    Texts,
)
from rolefirst.project import ABSENT, Block, State, Value, known

POLICY_DOCUMENT = "aws_iam_policy_document"
#: An unknown part that has a name, such as ``${aws_s3_bucket.b.arn}``, as a whole string.
_NAMED = re.compile(r"\$\{[^{}…]+\}")
_PART = re.compile(r"\$\{[^{}]*\}")
#: A string of JSON, or an unknown part that stands where JSON wants a value.
_STRING_OR_PART = re.compile(r'"(?:[^"\\]|\\.)*"|\$\{[^{}]*\}')
#: What IAM itself fills in when it evaluates a policy; it is no unknown part.
_POLICY_VARIABLE = re.compile(r"\$\{(?:[\w-]+:[^{}]*|[*?$])\}")
#: Documents inside each other, and levels of JSON; real code needs five.
_MAX_DEPTH = 20


def document_of(policy: Value) -> Document:
    """The document that an argument such as ``policy`` or ``assume_role_policy`` holds."""
    return _read(policy, 0)


def stands_for(value: Value) -> str:
    """The name of a value that is unknown as a whole (``data.x.y.json``); empty without one."""
    if value.unknown and isinstance(value.data, str) and _NAMED.fullmatch(value.data):
        return value.data[2:-1]
    return ""


def _read(policy: Value, depth: int) -> Document:
    if policy.absent:
        return Document()
    if depth > _MAX_DEPTH:
        return Document(why="documents that include each other")
    if policy.text is not None:
        return _of_text(policy.text, "")
    if policy.unknown and isinstance(policy.data, dict):
        return _of_object(policy)
    if (source := _source(policy)) is not None:
        block, attribute = source
        if block.type == POLICY_DOCUMENT and attribute in ("json", "minified_json"):
            return _of_block(block, depth)
        if attribute in block.names():
            return _read(block[attribute], depth + 1)
    if policy.unknown and isinstance(policy.data, str) and policy.data.lstrip().startswith("{"):
        return _of_text(policy.data, policy.why)
    return Document(why=policy.why or "the policy is no JSON object")


def _source(policy: Value) -> tuple[Block, str] | None:
    """The block that a value was taken from as it is, and the attribute."""
    if not stands_for(policy) or len(policy.references) != 1:
        return None
    reference = policy.references[0]
    if reference.target.kind not in ("resource", "data"):
        return None
    return reference.target, reference.attribute


# --- JSON ------------------------------------------------------------------------------------


def _of_text(text: str, why: str) -> Document:
    """JSON text; ``why`` says why a part of it is unknown."""
    if why:  # "Resource": ${jsonencode(var.arns)}
        text = _STRING_OR_PART.sub(lambda m: json.dumps(m[0]) if m[0][0] == "$" else m[0], text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Document(why=why or "the policy is no JSON")
    return _of_object(_as_value(data, why, 0))


def _as_value(data: object, why: str, depth: int) -> Value:
    """Parsed JSON as a value, in which a string with an unknown part is unknown."""
    if depth > _MAX_DEPTH:
        return Value(State.UNKNOWN, None, "the policy is nested too deeply")
    if isinstance(data, dict):
        return known({name: _as_value(item, why, depth + 1) for name, item in data.items()})
    if isinstance(data, list):
        return known(tuple(_as_value(item, why, depth + 1) for item in data))
    if data is None:
        return ABSENT
    if isinstance(data, str) and why and _has_unknown_part(data):
        return Value(State.UNKNOWN, data, why)
    return known(data if isinstance(data, (str, int, float, bool)) else str(data))


def _has_unknown_part(text: str) -> bool:
    return any(not _POLICY_VARIABLE.fullmatch(part) for part in _PART.findall(text))


def _of_object(value: Value) -> Document:
    if not isinstance(value.data, dict):
        return Document(why=value.why or "the policy is no JSON object")
    version = value.get_partial("Version")
    stated = value.get_partial("Statement")
    if stated.unknown and not isinstance(stated.data, dict):
        return Document(version=version.text or "", why=stated.why)
    items = stated.data if isinstance(stated.data, tuple) else (stated,)
    statements = tuple(_of_json(item) for item in items if not item.absent)
    return Document(statements, version.text or "")


def _of_json(value: Value) -> Statement:
    if not isinstance(value.data, dict):
        return Statement(Text("", value.why or "a statement is no JSON object"))
    principals, lost = _json_principals(value.get_partial("Principal"))
    not_principals, also_lost = _json_principals(value.get_partial("NotPrincipal"))
    conditions, unread = _json_conditions(value.get_partial("Condition"))
    effect = value.get_partial("Effect")
    return Statement(
        Text("", "a statement without Effect") if effect.absent else _text(effect),
        actions=_texts(value.get_partial("Action")),
        not_actions=_texts(value.get_partial("NotAction")),
        resources=_texts(value.get_partial("Resource")),
        not_resources=_texts(value.get_partial("NotResource")),
        principals=principals,
        not_principals=not_principals,
        conditions=conditions,
        sid=value.get_partial("Sid").text or "",
        why=(value.why if value.unknown else "") or lost or also_lost or unread,
    )


def _json_principals(value: Value) -> tuple[tuple[Principal, ...], str]:
    """``"*"`` or an object of lists by type; and why there may be more."""
    if value.absent:
        return (), ""
    if value.text is not None:
        return (Principal("*", (Text(value.text),)),), ""
    if not isinstance(value.data, dict):
        return (), value.why or "a principal is no JSON object"
    found = tuple(Principal(type, _texts(item)) for type, item in value.data.items())
    return found, value.why if value.unknown else ""


def _json_conditions(value: Value) -> tuple[tuple[Condition, ...], str]:
    if value.absent:
        return (), ""
    if not isinstance(value.data, dict):
        return (), value.why or "a condition is no JSON object"
    found: list[Condition] = []
    why = value.why if value.unknown else ""
    for test, tested in value.data.items():
        if not isinstance(tested.data, dict):
            why = why or tested.why or "a condition is no JSON object"
            continue
        why = why or (tested.why if tested.unknown else "")
        for variable, values in tested.data.items():
            found.append(Condition(test, variable, _values(values)))
    return tuple(found), why


# --- data.aws_iam_policy_document ------------------------------------------------------------


def _of_block(block: Block, depth: int) -> Document:
    """The document a data source makes: its sources, its statements over them, its overrides."""
    written = [_of_hcl(item) for item in _blocks(block["statement"])]
    why = block["statement"].why if block["statement"].unknown else ""
    statements: list[Statement] = []
    layers: list[tuple[str, ...]] = [("source_json", "source_policy_documents")]
    layers += [(), ("override_json", "override_policy_documents")]
    for names in layers:
        for document in _documents(block, names, depth):
            _merge(statements, document.statements)
            why = why or document.why
        if not names:
            _merge(statements, written)
    return Document(tuple(statements), block["version"].text or "2012-10-17", why)


def _documents(block: Block, names: Iterable[str], depth: int) -> Iterator[Document]:
    for name in names:
        value = block[name]
        items = value.data if isinstance(value.data, tuple) else (value,)
        yield from (_read(item, depth + 1) for item in items)


def _merge(statements: list[Statement], more: Iterable[Statement]) -> None:
    """A statement takes the place of the one with its sid."""
    for statement in more:
        same = [i for i, s in enumerate(statements) if s.sid and s.sid == statement.sid]
        if same:
            statements[same[0]] = statement
        else:
            statements.append(statement)


def _of_hcl(value: Value) -> Statement:
    effect = value.get_partial("effect")
    conditions = tuple(
        Condition(
            item.get_partial("test").text or UNNAMED,
            item.get_partial("variable").text or UNNAMED,
            _values(item.get_partial("values"), _in_block),
        )
        for item in _blocks(value.get_partial("condition"))
    )
    return Statement(
        Text("Allow") if effect.absent else _text(effect),
        actions=_texts(value.get_partial("actions"), _in_block),
        not_actions=_texts(value.get_partial("not_actions"), _in_block),
        resources=_texts(value.get_partial("resources"), _in_block),
        not_resources=_texts(value.get_partial("not_resources"), _in_block),
        principals=_hcl_principals(value.get_partial("principals")),
        not_principals=_hcl_principals(value.get_partial("not_principals")),
        conditions=conditions,
        sid=value.get_partial("sid").text or "",
        why=value.why if value.unknown else "",
    )


def _hcl_principals(value: Value) -> tuple[Principal, ...]:
    return tuple(
        Principal(
            item.get_partial("type").text or UNNAMED,
            _texts(item.get_partial("identifiers"), _in_block),
        )
        for item in _blocks(value)
    )


def _blocks(value: Value) -> tuple[Value, ...]:
    """Nested blocks; one of unknown content stays one."""
    if value.absent:
        return ()
    return value.data if isinstance(value.data, tuple) else (value,)


def _in_block(text: str) -> str:
    """The data source writes policy variables as ``&{…}``, which Terraform leaves alone."""
    return text.replace("&{", "${")


# --- strings ---------------------------------------------------------------------------------


def _same(text: str) -> str:
    return text


def _texts(value: Value, spelled: Callable[[str], str] = _same) -> Texts:
    """A string or a list of them, in one order."""
    if value.absent:
        return ()
    if isinstance(value.data, tuple) and not value.unknown:
        return tuple(_text(item, spelled) for item in value.data if not item.absent)
    return (_text(value, spelled),)


def _text(value: Value, spelled: Callable[[str], str] = _same) -> Text:
    if value.text is not None:
        return Text(spelled(value.text))
    if value.unknown:
        written = value.data if isinstance(value.data, str) else UNNAMED
        return Text(spelled(written), value.why)
    return Text(UNNAMED, "something else where a string belongs")


def _values(value: Value, spelled: Callable[[str], str] = _same) -> Texts:
    """What a condition compares with: a number or ``true`` is as good as its text."""
    items = value.data if isinstance(value.data, tuple) and not value.unknown else (value,)
    return tuple(
        Text(str(item.data).lower())
        if item.known and isinstance(item.data, (bool, int, float))
        else _text(item, spelled)
        for item in items
        if not item.absent
    )
