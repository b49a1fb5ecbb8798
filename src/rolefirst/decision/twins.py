"""The keyless twin: a role that may already do what a key may do, for the workload that has it.

Such a role makes the key needless: nothing has to be built. A role with the same policy that the
workload cannot assume, or one that may do only a part, is no twin; it is said as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rolefirst.decision.consumers import Use, uses
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Key, Origin
from rolefirst.findings import Confidence, Decision, Evidence
from rolefirst.iam.compare import Likeness, compare
from rolefirst.iam.documents import POLICY_DOCUMENT
from rolefirst.iam.grants import account_of, grants_of
from rolefirst.iam.roles import GITHUB, KUBERNETES, SAML, VENDOR, Role, roles_in
from rolefirst.iam.users import user_of
from rolefirst.project import Block, Project

_PODS = "pods.eks.amazonaws.com"
_ANYWHERE = "rolesanywhere.amazonaws.com"
_SERVICE = ".amazonaws.com"
_PROFILE = "aws_iam_instance_profile"
_TASKS = ("aws_ecs_task_definition", "aws_ecs_daemon_task_definition")
#: Arguments in which a workload takes its role: role, task_role_arn, iam_instance_profile …
_TAKES_ROLE = re.compile(r"role|profile")
_ON_AWS = ("aws-workload", "vault-root")
#: The issuers of CI systems whose catalogue row names a template instead.
_ISSUERS = {"oidc_github": GITHUB, "oidc_gitlab": "gitlab"}
#: Alternatives by which a workload gets a role: the twin is that role. Else the key is needless.
_WITH_ROLE = (
    "iam-role",
    "pod-identity-or-irsa",
    "oidc-federation",
    "cross-account-role",
    "roles-anywhere",
)
#: The subject of a role that every job of a repository or project may assume.
_EVERY_JOB = re.compile(r"\*|(?:repo|project_path):[^:]+(?::\*|\*)")
#: Near misses that are worth a line of evidence.
_MAX_NEAR = 3
_MAX_LISTED = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """A role like the user of a key. ``near`` says what is missing; empty when nothing is.

    ``in_use`` is true when the workload already runs as this role.
    """

    role: Block
    trusts: str
    near: str = ""
    in_use: bool = False

    @property
    def sentence(self) -> str:
        """Why nothing has to be built."""
        how = "the workload already runs as it" if self.in_use else f"it trusts {self.trusts}"
        return f"{self.role.address} has the same policies as the user, and {how}"


def twins_of(key: Key, decision: Decision, project: Project) -> tuple[Twin, ...]:
    """The roles like the user of a key, the exact ones first, of these the one in use first."""
    if key.origin is not Origin.RESOURCE or decision.category == "ses-smtp":
        return ()
    user = user_of(key.block, project)
    grants = grants_of(user, project) if user is not None else ()
    if user is None or not grants:
        return ()
    consumers = [use for use in uses(exits(key.block, project), project) if use.row]
    found: list[Twin] = []
    for role in roles_in(user.root, project):
        if role.block.kind == "resource" and account_of(role.block) != account_of(user):
            continue
        likeness = compare(grants, role.grants)
        in_use = bool(consumers) and all(_runs_as(use, role.block) for use in consumers)
        near = _difference(likeness)
        if likeness.same:
            near = _bounds(role, key)
            near = near or ("" if in_use else _unfit(role, decision, consumers, project))
            near = near or _named_alone(user, role, project)
        if near or likeness.same:
            found.append(Twin(role.block, _trusted(role), near, in_use))
    return tuple(sorted(found, key=lambda twin: (bool(twin.near), not twin.in_use)))


def settle(decision: Decision, twins: tuple[Twin, ...]) -> Decision:
    """The decision with what the roles of the estate say about it."""
    exact = next((twin for twin in twins if not twin.near), None)
    near = [twin for twin in twins if twin.near][:_MAX_NEAR]
    said = [Evidence("twin", f"{t.role.address} {t.near}", t.role.location) for t in near]
    if exact is None:
        return replace(decision, evidence=(*decision.evidence, *said)) if said else decision
    proof = Evidence("twin", exact.sentence, exact.role.location)
    has_role = decision.alternative in _WITH_ROLE
    return replace(
        decision,
        alternative=decision.alternative if has_role else "delete-unused",
        template=decision.template if has_role else "delete_unused",
        summary=f"Nothing has to be built: {exact.role.address} already has the policies of the "
        "user. Let the workload sign in with it and delete the key.",
        evidence=(proof, *decision.evidence, *said),
        passed_over=decision.passed_over if has_role else (),
        question="",
        role=exact.role.address,
    )


# --- does it fit? ----------------------------------------------------------------------------


def _unfit(role: Role, decision: Decision, consumers: list[Use], project: Project) -> str:
    """Why what holds the key could not use the role as the code stands; empty when it could."""
    said = f"has the same policies, but trusts {_trusted(role)}"
    decided = [use for use in consumers if use.row and use.row.alternative != "ask-owner"]
    if decided and not all(_serves(role, use, decision) for use in decided):
        return said
    if not decided and not _serves_category(role, decision.category):
        asked = decision.category in ("unknown", "secret-store-only")
        return said.replace(", but trusts", " and trusts") if asked else said
    if decision.confidence is Confidence.LOW:
        return f"has the same policies and trusts {_trusted(role)}, if that is who uses the key"
    if subject := next((role.subjects[0] for use in decided if _is_narrow(role, use)), ""):
        return f"has the same policies, but trusts no token except that of {subject}"
    if decision.category in _ON_AWS and (other := _runs_with(role.block, project)):
        return f"has the same policies, but is the role of {other}"
    return ""


def _serves(role: Role, use: Use, decision: Decision) -> bool:
    row, category = use.row, use.consumer.category
    if row is None:
        return False
    if category == "kubernetes" and decision.alternative != "pod-identity-or-irsa":
        return False  # not a cluster of EKS, and whose issuer a role trusts is not compared
    if category in ("ci", "external-workload"):
        issuer = _ISSUERS.get(row.template, "")
        if not issuer and row.oidc is not None:
            issuer = row.oidc.issuer.removeprefix("https://").partition("/")[0]
        if issuer:
            return any(trusted.startswith(issuer) for trusted in role.trusts)
    if category in _ON_AWS and row.trust:
        return bool(set(row.trust) & set(role.trusts))
    return _serves_category(role, category)


def _is_narrow(role: Role, use: Use) -> bool:
    """True when the role trusts some jobs, and not all that may take the key are among them."""
    if use.consumer.category != "ci" or not role.subjects:
        return False
    environment = use.block["environment"].text
    return not any(
        _EVERY_JOB.fullmatch(subject)
        or (environment and subject.endswith(f":environment:{environment}"))
        for subject in role.subjects
    )


def _serves_category(role: Role, category: str) -> bool:
    trusts = set(role.trusts)
    match category:
        case "aws-workload" | "vault-root":
            return any(name.endswith(_SERVICE) for name in trusts - {_PODS, _ANYWHERE})
        case "kubernetes":
            return bool(trusts & {_PODS, KUBERNETES})
        case "ci":
            return any(name.startswith((GITHUB, "gitlab")) for name in trusts)
        case "saas":
            return VENDOR in trusts
        case "external-workload":
            return _ANYWHERE in trusts
        case "human":
            return SAML in trusts
    return False


def _runs_as(use: Use, role: Block) -> bool:
    """True when a workload on AWS takes the role, itself or by an instance profile.

    Where it takes the key, the role is not its identity but something it reads.
    """
    if use.consumer.category not in _ON_AWS:
        return False
    taken = list(_targets(use.block, use.consumer.attribute.partition(".")[0]))
    profiles = [block for block in taken if block.type == _PROFILE]
    return role in (*taken, *(target for block in profiles for target in _targets(block)))


def _runs_with(role: Block, project: Project) -> str:
    """The workload whose role this is; empty when nothing in the code runs with it."""
    for reader in project.readers(role):
        if reader.kind != "resource" or reader.type.startswith("aws_iam_"):
            continue
        named = [name for name in reader.names() if _TAKES_ROLE.search(name)]
        if any(role is ref.target for name in named for _, ref in reader[name].deep_references()):
            return reader.address
    for profile in project.find(role, "resource", _PROFILE):
        if role in _targets(profile) and (other := _runs_with(profile, project)):
            return other
    return ""


def _targets(block: Block, beside: str = "") -> Iterator[Block]:
    """What a block refers to, except in one argument and where only ECS itself signs in."""
    for name in block.names():
        if name == beside or (name == "execution_role_arn" and block.type in _TASKS):
            continue
        yield from (reference.target for _, reference in block[name].deep_references())


# --- what is said of a near miss -------------------------------------------------------------


def _difference(likeness: Likeness) -> str:
    """What the role lacks; empty when the two are not alike."""
    if likeness.denies:
        return "has the same policies, and another that denies something"
    if not likeness.lacks:
        return ""
    listed = ", ".join(likeness.lacks[:_MAX_LISTED])
    more = len(likeness.lacks) - _MAX_LISTED
    rest = f" and {more} more" if more > 0 else ""
    return f"has a part of the same policies; it lacks {listed}{rest}"


def _bounds(role: Role, key: Key) -> str:
    """Why the role may be less than its policies say, unless the key hangs on the same."""
    if role.bounded:
        return "has the same policies, but a permissions boundary that may take rights away"
    doubts = [role.block.doubt, *(grant.block.doubt for grant in role.grants)]
    doubt = next((doubt for doubt in doubts if doubt not in ("", key.block.doubt)), "")
    return f"has the same policies, but may not exist: {doubt}" if doubt else ""


def _named_alone(user: Block, role: Role, project: Project) -> str:
    """A policy of a resource that lets the user in by its ARN, and not the role."""
    for leaving in exits(user, project):
        block, place = leaving.block, leaving.attribute[0]
        if leaving.reference.attribute != "arn" or block.kind not in ("resource", "data"):
            continue
        policy = "policy" in place or block.type == POLICY_DOCUMENT
        if policy and role.block not in _targets(block):
            return f"has the same policies, but {block.address} names only the user"
    return ""


def _trusted(role: Role) -> str:
    """Whom the role trusts, in words."""
    listed = ", ".join(role.trusts[:_MAX_LISTED])
    return listed or f"nobody that the code shows{f' ({role.why})' if role.why else ''}"
