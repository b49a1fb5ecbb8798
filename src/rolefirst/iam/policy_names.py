"""Under which names a policy is known, so that it is recognised where it comes again."""

from __future__ import annotations

import re

from rolefirst.iam.documents import stands_for
from rolefirst.iam.principals import Key
from rolefirst.iam.statements import UNNAMED
from rolefirst.iam.users import written_as
from rolefirst.project import Block, Project, Value

MANAGED = "aws_iam_policy"
#: An expression that means the same everywhere in one module instance.
_TRAVERSAL = re.compile(r'(?:local|var|data|module)(?:\.[\w-]+|\[(?:\d+|"[^"]*")\])+')


def names_in(block: Block, argument: str, project: Project) -> frozenset[Key]:
    """Under which names the document in an argument may be met again."""
    names = names_of(block[argument])
    if names or block[argument].absent:
        return names
    # A part of it has no name in the code; where the whole has one, that will do.
    written = written_as(block, argument, project)
    if _TRAVERSAL.fullmatch(written):
        module = block.call_chain[-1].address if block.call_chain else ""
        names = frozenset({("expression", f"{module} {written}")})
    return names


def names_of(value: Value) -> frozenset[Key]:
    """The names that a document or ARN has by itself."""
    if value.text is not None:
        return frozenset({("text", value.text)})
    named = stands_for(value)
    return frozenset({("name", named)}) if named else frozenset()


def arn_in(arn: Value) -> str:
    """The ARN with placeholders for what is unknown; a data source may know the policy's name."""
    for reference in arn.references if stands_for(arn) else ():
        target = reference.target
        if (target.kind, target.type, reference.attribute) == ("data", MANAGED, "arn"):
            name = target["name"].text
            whole = target["arn"].text
            return whole or (f"arn:aws:iam::{UNNAMED}:policy/{name}" if name else "")
    return arn.data if isinstance(arn.data, str) else ""
