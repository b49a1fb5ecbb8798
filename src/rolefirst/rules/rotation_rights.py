"""Whether a role may do with the access keys of a user what a rotation takes."""

from __future__ import annotations

from fnmatch import fnmatchcase

from rolefirst.iam.grants import Grant, grants_of
from rolefirst.iam.statements import Statement, Text
from rolefirst.iam.users import user_argument, user_of
from rolefirst.project import Block, Project

CREATE = "iam:createaccesskey"
DELETE = "iam:deleteaccesskey"
_ACTIONS = (CREATE, "iam:updateaccesskey", DELETE)
#: Managed policies of AWS that allow all of it; the others that roles of functions have do not.
_FULL = ("AdministratorAccess", "IAMFullAccess")
_MANAGED = ":iam::aws:policy/"


def key_rights(role: Block, key: Block, project: Project) -> frozenset[str] | None:
    """What of create, update and delete the role may do with the keys of the user of ``key``.

    None when none of it is seen and a policy of the role is not known: it may be in there.
    """
    found: set[str] = set()
    whole = True
    for grant in grants_of(role, project):
        found |= _granted(grant, key, project)
        whole = whole and _is_whole(grant)
    return frozenset(found) if found or whole else None


def _granted(grant: Grant, key: Block, project: Project) -> set[str]:
    if grant.document is None:
        full = _MANAGED in grant.label and grant.label.rpartition("/")[2] in _FULL
        return set(_ACTIONS) if full else set()
    return {
        action
        for statement in grant.document.statements
        if statement.effect.text == "Allow" and _is_about(statement, key, project)
        for action in _ACTIONS
        if _allows(statement, action)
    }


def _is_whole(grant: Grant) -> bool:
    """True when all that the policy allows can be told."""
    if grant.document is None:
        return _MANAGED in grant.label
    statements = grant.document.statements
    unknown = (item.why for s in statements for item in (s.effect, *s.actions, *s.not_actions))
    return not (grant.document.why or any(s.why for s in statements) or any(unknown))


def _allows(statement: Statement, action: str) -> bool:
    if statement.not_actions:
        return not any(fnmatchcase(action, text.text.casefold()) for text in statement.not_actions)
    return any(fnmatchcase(action, text.text.casefold()) for text in statement.actions)


def _is_about(statement: Statement, key: Block, project: Project) -> bool:
    """The statement names the user of the key, or every user."""
    user = user_of(key, project)
    name = (user["name"] if user is not None else key[user_argument(key)]).text
    return bool(statement.not_resources) or any(
        _names(resource, user, name) for resource in statement.resources
    )


def _names(resource: Text, user: Block | None, name: str | None) -> bool:
    """Whether a resource of a policy is the user; its path is not compared."""
    if resource.text == "*" or (user is not None and f"${{{user.address}." in resource.text):
        return True
    _, users, path = resource.text.rpartition(":user/")
    last = path.rpartition("/")[2]
    return bool(users) and (last == "*" or (name is not None and fnmatchcase(name, last)))
