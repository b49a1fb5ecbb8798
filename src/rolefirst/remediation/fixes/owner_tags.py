"""An IAM user without an owner or a required tag: tags whose values somebody has to give."""

from __future__ import annotations

import re

from rolefirst import limits
from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.remediation.edits import set_argument
from rolefirst.remediation.expressions import layout
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.lines import rewritten
from rolefirst.remediation.fixes.writing import Fix, free_label, user_for_command
from rolefirst.rules.owners import Standing, owner_of, owner_tags_of, required_of

#: What IAM takes as the key of a tag, as far as it can stand in quotes as it is.
_KEY = re.compile(r"[\w.:/=+@ -]{1,128}", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """The tags of a declared user, in its own ``tags``: default_tags speak for others too."""
    if block.type != USER:
        return None
    owner, required = _missing(block, project)
    suffixes = {str(label(key, 24)): key for key in (*owner, *required)}
    name = free_label(block.name, block, project, suffixes=suffixes)
    tags = {key: f"var.{name}_{suffix}" for suffix, key in suffixes.items()}
    file = next(iter(suffixes)) if len(suffixes) == 1 else "tags"
    return Fix("owner_tags", block, name, file).remediation(
        _edits(block, tags),
        tags=[(suffix, key, key in owner) for suffix, key in suffixes.items()],
        cli_user=user_for_command(block),
    )


def _missing(user: Block, project: Project) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The key that names an owner, written as today, and those that are required."""
    required = required_of(user, project).missing
    if owner_of(user, project).standing not in (Standing.MISSING, Standing.PLACEHOLDER):
        return (), required
    written = owner_tags_of(user, project)
    usual = next(iter(limits.of(project).owner_keys), "Owner")
    return (written[-1].key if written else usual,), required


def _edits(user: Block, tags: dict[str, str]) -> list[Edit | None]:
    """The tags in the map, in one more map of a ``merge``, or in a map around what is there."""
    text = user.expression("tags").strip()
    if not all(_KEY.fullmatch(key) for key in tags) or ("tags" in user.names() and not text):
        return [None]
    names = {key: key if _PLAIN.fullmatch(key) else f'"{key}"' for key in tags}
    members = [f"{names[key]} = {value}" for key, value in tags.items()]
    if text.startswith("{") and len(tags) == 1:
        return [set_argument(user, ("tags", key), value) for key, value in tags.items()]
    if text.startswith("{"):
        return rewritten(user, tags, ("tags",))
    merged = re.fullmatch(r"merge\((.+)\)", text, re.DOTALL)
    if merged and merged[1].count("(") == merged[1].count(")"):
        text = merged[1].rstrip().removesuffix(",")
    one_line = text and "\n" not in text and len(tags) == 1
    joined = f"{{ {members[0]} }}" if one_line else "{\n" + "\n".join(members) + "\n}"
    laid = layout(f"merge({text}, {joined})" if text else joined, depth=0)
    return [set_argument(user, "tags", laid) if laid is not None else None]
