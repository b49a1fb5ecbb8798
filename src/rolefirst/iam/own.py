"""The ARNs that are the user itself, its groups and its policies."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rolefirst.iam.grants import GROUP, grants_of, groups_of, resources_in
from rolefirst.iam.policy_names import MANAGED
from rolefirst.iam.statements import Statement, Text, Texts
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project

#: Resource type → how its ARN ends.
_TYPES = {USER: "user", GROUP: "group", MANAGED: "policy"}
_USERNAME = re.compile(r"\$\{aws:username\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to a user: the end of its ARN, and those of its groups and policies.

    ``spelled`` maps the placeholders in which the code refers to them to their ARN or name.
    """

    user: str
    groups: tuple[str, ...]
    policies: tuple[str, ...]
    name: str
    spelled: tuple[tuple[str, str], ...]

    def named_in(self, statement: Statement) -> Statement:
        """The statement with the ARNs of these things in place of the references to them."""
        return replace(
            statement,
            resources=self._texts(statement.resources),
            not_resources=self._texts(statement.not_resources),
        )

    def _texts(self, items: Texts) -> Texts:
        return tuple(self._text(item) for item in items)

    def _text(self, item: Text) -> Text:
        if "${" not in item.text:
            return item
        text = _USERNAME.sub(lambda _: self.name, item.text)
        for placeholder, meant in self.spelled:
            text = text.replace(placeholder, meant)
        return Text(text, item.why if "${" in text else "")


def own_things(user: Block, project: Project) -> Own:
    """What belongs to a declared user."""
    groups = groups_of(user, project)
    attached = {g.label for g in grants_of(user, project) if g.arn}
    declared = resources_in(user.root, project, MANAGED)
    policies = tuple(block for block in declared if block.address in attached)
    spelled: list[tuple[str, str]] = []
    for block in (user, *groups, *policies):
        tail = _tail(block)
        spelled.append((f"${{{block.address}.arn}}", f"arn:aws:iam:::{tail}"))
        spelled.append((f"${{{block.address}.name}}", _name(block)))
        spelled.append((f"${{{block.address}.path}}", _path(block)))
    return Own(
        _tail(user),
        tuple(map(_tail, groups)),
        tuple(map(_tail, policies)),
        _name(user),
        tuple(spelled),
    )


def _tail(block: Block) -> str:
    return f"{_TYPES[block.type]}{_path(block)}{_name(block)}"


def _path(block: Block) -> str:
    return block["path"].text or "/"


def _name(block: Block) -> str:
    """The name, or something that no wildcard-free text is equal to."""
    return block["name"].text or f"\ue002{block.address}"
