"""From where the key of a user works: its source conditions, evaluated as AWS evaluates them.

A stranger with the key tries everything that the policies allow: over the internet by IPv4 and
IPv6, and through an endpoint in a VPC of their own. What none of these gets through binds.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from rolefirst.iam.grants import ROLE, Grant, resources_in
from rolefirst.iam.patterns import NO, YES, Truth, Verdict, all_of, any_of, glob, maybe, opposite
from rolefirst.iam.sources_flaws import flaw
from rolefirst.iam.sources_lines import (
    ANYTHING,
    Layer,
    Line,
    Lines,
    grants_in,
    insider,
    lines_of,
    strangers,
    tail_of,
)
from rolefirst.iam.sources_request import Request
from rolefirst.iam.sources_scope import Right, covers, meets, rights
from rolefirst.iam.statements import Text
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project

#: What takes a restriction off a user, by the type of the block that puts it on.
_LIFTED_BY = {
    "aws_iam_user_policy": ("iam:DeleteUserPolicy", "iam:PutUserPolicy"),
    "aws_iam_group_policy": (
        *("iam:RemoveUserFromGroup", "iam:DeleteGroupPolicy", "iam:PutGroupPolicy"),
    ),
    "aws_iam_group_policy_attachment": ("iam:RemoveUserFromGroup", "iam:DetachGroupPolicy"),
}
_LIFTED_ELSE = ("iam:DetachUserPolicy", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
_LIFTED_BOUND = ("iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary")
#: A restriction by Allow alone is gone as soon as another policy allows the same without it.
_WIDENED_BY = (
    *("iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:AddUserToGroup"),
    *("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"),
)
_ASSUME = "sts:AssumeRole"
_ARN_PARTS = 6


class Standing(enum.Enum):
    """How well the source of a key is limited."""

    OPEN = "nothing limits it"
    INEFFECTIVE = "a condition is there and does not bind"
    ESCAPES = "the key is bound, the sessions of a role that it may assume are not"
    BINDS = "it works from its source only"
    UNKNOWN = "it cannot be told"


@dataclass(frozen=True, slots=True)
class Restriction:
    """The judgement on one principal, why, and the policies it rests on.

    ``assuming`` is the policy that lets a user assume roles: what limits the user does not limit
    the sessions of these.
    """

    standing: Standing
    reason: str = ""
    grants: tuple[Grant, ...] = ()
    assuming: Grant | None = None


@dataclass(frozen=True, slots=True)
class _Escape:
    """What a stranger can do: whether, by which statement and which right."""

    verdict: Verdict = NO
    line: Line | None = None
    right: Right | None = None


def restriction_of(principal: Block, project: Project) -> Restriction:
    """Judge a declared user or role; worked out once per scan."""
    memo = ("source restriction", principal.root, principal.address)
    if memo not in project.memo:
        lines = lines_of(principal, project)
        assuming = (line.grant for line, _ in _assumes(principal, lines))
        judged = _judged(principal, lines, project)
        project.memo[memo] = replace(judged, assuming=next(assuming, None))
    return cast("Restriction", project.memo[memo])


def _judged(principal: Block, lines: Lines, project: Project) -> Restriction:
    requests = strangers(principal)
    limiting = [line for line in lines.all if line.limits]
    escape = _escape(lines, requests)
    if escape.verdict == NO and limiting:
        grants = grants_in(limiting)
        why = _lifted(principal, lines, requests)
        if why:
            return Restriction(Standing.INEFFECTIVE, why, grants)
        if principal.type == USER:
            return _assumed(principal, lines, project) or Restriction(Standing.BINDS, grants=grants)
        return Restriction(Standing.BINDS, grants=grants)
    flaws = {line: flaw(line.statement, requests) for line in limiting}
    if limiting and all(flaws.values()) and escape.verdict.truth is not Truth.NO:
        line, why = next(iter(flaws.items()))
        return Restriction(Standing.INEFFECTIVE, why, (line.grant,))
    unlimited = not limiting and not lines.unread and all(line.readable for line in lines.all)
    if escape.verdict.truth is Truth.MAYBE and not unlimited:
        return Restriction(Standing.UNKNOWN, escape.verdict.why, grants_in(limiting))
    if not limiting:
        return Restriction(Standing.OPEN, grants=grants_in(lines.allows(Layer.IDENTITY)))
    what = f" {escape.right.action.text}" if escape.right else ""
    where = escape.line.grant.label if escape.line else "another policy"
    why = f"{where} allows{what} without it: it covers only a part of what the key may do"
    shown = grants_in([*limiting, escape.line] if escape.line else limiting)
    return Restriction(Standing.INEFFECTIVE, why, shown)


# --- what passes -----------------------------------------------------------------------------


def _escape(lines: Lines, requests: Iterable[Request]) -> _Escape:
    """The surest way for a stranger to do anything."""
    allows = lines.allows(Layer.IDENTITY)
    best = _Escape()
    for request in requests:
        for line in allows:
            allowed = line.applies(request)
            for right in rights(line.statement) if allowed != NO else ():
                verdict = all_of((allowed, _passes(right, lines, request)))
                if verdict.truth > best.verdict.truth:
                    best = _Escape(verdict, line, right)
        if lines.unread or not allows:
            passes = any_of(_passes(right, lines, request) for right in rights(ANYTHING))
            if passes != NO and best.verdict.truth is not Truth.YES:
                why = f"what else the user has: {lines.unread[0]}" if lines.unread else ""
                best = _Escape(maybe(why) if why else passes)
    if lines.unread and best.verdict == YES:
        # What cannot be read may hold the Deny that is missing.
        return _Escape(maybe(f"whether another policy limits the source: {lines.unread[0]}"))
    return best


def _passes(right: Right, lines: Lines, request: Request) -> Verdict:
    """Whether no Deny refuses a right, and the boundary leaves it open."""
    denied = any_of(
        all_of((line.applies(request), covers(line.statement, right))) for line in lines.denies
    )
    bounds = lines.allows(Layer.BOUNDARY)
    within = any_of(
        all_of((line.applies(request), meets(line.statement, right))) for line in bounds
    )
    return all_of((opposite(denied), within if bounds else YES))


# --- who takes it off ------------------------------------------------------------------------


def _lifted(principal: Block, lines: Lines, requests: tuple[Request, ...]) -> str:
    """How the user itself may take the restriction off; empty when it cannot."""
    kept = [line for line in lines.all if line.layer is not Layer.IDENTITY]
    if _bind([line for line in kept if line.layer is Layer.ORGANIZATION], requests):
        return ""
    actions: list[str] = []
    if _bind(kept, requests):
        actions += _LIFTED_BOUND
    else:
        for line in lines.all:
            if line.limits and line.layer is Layer.IDENTITY:
                lifted = _LIFTED_BY.get(line.grant.block.type, _LIFTED_ELSE)
                actions += lifted if line.denies else _WIDENED_BY
    own = tail_of(principal)
    for line in lines.allows(Layer.IDENTITY):
        for action in dict.fromkeys(actions):
            if _may(action, own, line, lines, insider(principal)):
                return (
                    f"the user can take it off itself: {line.grant.label} allows {action}; put "
                    "a Deny into a permissions boundary that the user cannot change, or an SCP"
                )
    return ""


def edits_itself(user: Block, project: Project) -> bool:
    """Whether a user may change its inline policies: a Deny there holds as long as it likes."""
    lines, own = lines_of(user, project), tail_of(user)
    return any(
        _may(action, own, line, lines, insider(user))
        for line in lines.allows(Layer.IDENTITY)
        for action in _LIFTED_BY["aws_iam_user_policy"]
    )


def _bind(lines: list[Line], requests: Iterable[Request]) -> bool:
    """These statements keep strangers out, whatever else allows."""
    return bool(lines) and all(
        _passes(right, Lines(tuple(lines)), request) == NO
        for request in requests
        for right in rights(ANYTHING)
    )


def _may(action: str, own: str, line: Line, lines: Lines, request: Request) -> bool:
    """Whether a statement allows an IAM action on the user, its group or its policy."""
    if line.applies(request) != YES:
        return False
    for right in rights(line.statement):
        if right.action.why or not glob(right.action.text, action):
            continue
        if not _concerns(right.resource, action, own):
            continue
        wanted = Right(Text(action), right.resource)
        if line.statement.actions and _passes(wanted, lines, request) == YES:
            return True
    return False


def _concerns(resource: Text, action: str, own: str) -> bool:
    """Whether a resource pattern reaches what the action would have to change."""
    if resource.text == "*":
        return True
    parts = resource.text.replace("${aws:username}", own.rsplit("/", 1)[-1]).split(":", 5)
    if len(parts) < _ARN_PARTS or resource.why:
        return False
    kind = "user" if "User" in action else "group" if "Group" in action else "policy"
    return glob(parts[5], own) if kind == "user" else glob(parts[5], f"{kind}/\ue000")


# --- roles -----------------------------------------------------------------------------------


def _assumed(user: Block, lines: Lines, project: Project) -> Restriction | None:
    """What the sessions of roles may do that the user may assume: its own Deny stays behind."""
    doubt: Restriction | None = None
    for line, right in _assumes(user, lines):
        roles = _roles(right.resource, user, project)
        standing = {restriction_of(role, project).standing for role in roles}
        name = roles[0].address if roles else right.resource.text
        if right.resource.text == "*" or standing & {Standing.OPEN, Standing.INEFFECTIVE}:
            why = f"the sessions of roles work from anywhere: {line.grant.label} allows {_ASSUME}"
            why += f" on {name}, which needs its own condition"
            return Restriction(Standing.ESCAPES, why, (line.grant,))
        if not roles or Standing.UNKNOWN in standing:
            why = (
                f"the key is bound, but whether sessions of the role {name} are is not in the code"
            )
            doubt = doubt or Restriction(Standing.UNKNOWN, why, (line.grant,))
    return doubt


def _assumes(user: Block, lines: Lines) -> Iterator[tuple[Line, Right]]:
    request = insider(user)
    for line in lines.allows(Layer.IDENTITY):
        if line.applies(request) == NO or not line.statement.actions:
            continue
        for right in rights(line.statement):
            wanted = Right(Text(_ASSUME), right.resource)
            named = not right.action.why and glob(right.action.text, _ASSUME)
            if named and _passes(wanted, lines, request) == YES:
                yield line, right


def _roles(resource: Text, user: Block, project: Project) -> list[Block]:
    """The roles of this estate that a resource pattern names."""
    found = []
    for role in resources_in(user.root, project, ROLE):
        tail = resource.text.split(":", 5)[-1]
        named = not resource.why and tail != "*" and glob(tail, tail_of(role))
        if named or resource.text == f"${{{role.address}.arn}}":
            found.append(role)
    return found
