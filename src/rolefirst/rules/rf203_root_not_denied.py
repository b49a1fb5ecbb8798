"""RF203: service control policies are managed here and none denies root."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rolefirst.findings import Related, Severity
from rolefirst.iam.documents import document_of
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.managed import Held, deployed, first_of_each_root, on_condition, presence
from rolefirst.rules.rf202_root_keys_not_removed_centrally import enabling
from rolefirst.rules.root_denial import Told, denial_of

POLICY = "aws_organizations_policy"
ATTACHMENT = "aws_organizations_policy_attachment"
#: Remote modules that may bring service control policies along.
MODULES = (
    r"\bscps?\b|service[-_]control|organi[sz]ation|guardrail|control[-_]?tower|landing[-_]?zone"
)
#: Controls of Control Tower that are such a policy, attached.
_CONTROL = re.compile(r"AWS-GR_RESTRICT_ROOT_USER(_ACCESS_KEYS)?$")


class RootNotDenied(Rule):
    """No service control policy denies root

    ## Why
    Whoever gets into root of a member account can do everything there, access keys included, and
    no IAM policy in the account stops it. A service control policy does. Root sessions
    (`sts:AssumeRoot`), which are how the organization cleans up root credentials, are denied by the
    same statement unless it leaves them out.

    ## Bad
    ```hcl
    resource "aws_organizations_policy" "regions" { # expect: RF203
      name = "regions"

      content = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Deny"
          Action    = "*"
          Resource  = "*"
          Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-central-1"] } }
        }]
      })
    }

    resource "aws_organizations_policy_attachment" "regions" {
      policy_id = aws_organizations_policy.regions.id
      target_id = "r-example"
    }
    ```

    ## Good
    ```hcl
    resource "aws_organizations_policy" "root" {
      name = "deny-root"

      content = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Deny"
          Action   = "*"
          Resource = "*"
          Condition = {
            ArnLike = { "aws:PrincipalArn" = ["arn:*:iam::*:root"] }
            Null    = { "aws:AssumedRoot" = "true" }
          }
        }]
      })
    }

    resource "aws_organizations_policy_attachment" "root" {
      policy_id = aws_organizations_policy.root.id
      target_id = "r-example"
    }
    ```

    ## Limits
    A policy denies root when a statement that names root in `aws:PrincipalArn` denies at least
    `iam:CreateAccessKey` on every resource, and the policy is attached in this code; to which
    accounts is not compared. Root sessions must be left out only where this code turns
    `RootSessions` on. Service control policies never bind the management account.

    ## References
    - https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
    - https://docs.aws.amazon.com/controltower/latest/controlreference/strongly-recommended-controls.html
    """

    id = "RF203"
    name = "root_not_denied"
    severity = Severity.MEDIUM
    resources = (POLICY,)

    def subjects(self, project: Project) -> Iterable[Block]:
        """Every policy that is, or may be, a service control policy and is applied from here."""
        return _control_policies(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Judge a policy that denies root; of each root module, one policy stands for all."""
        yield from self._judge_sessions(block, project)
        policies = _control_policies(project)
        if block not in first_of_each_root(policies, lambda policy: policy["type"].unknown):
            return
        held = [*_denying(project), *_controls(project)]
        found = presence(block, held, project, MODULES)
        if found.there:
            return
        why = found.why or block["type"].why
        if why:
            yield self.undetermined(block, f"whether root is denied: {why}")
            return
        idle = [policy for policy in policies if _denies(policy) is True]
        message = (
            "service control policies are managed here and none denies root: deny everything to "
            "aws:PrincipalArn arn:*:iam::*:root where aws:AssumedRoot is missing"
        )
        if idle:
            message = f"root is not denied: {idle[0].address} would do so and is attached nowhere"
        related = tuple(Related(policy.location, "denies root, not attached") for policy in idle)
        yield self.finding(block, message + on_condition(block), related=related)

    def _judge_sessions(self, block: Block, project: Project) -> Iterator[Result]:
        denial = denial_of(document_of(block["content"]))
        sessions = list(enabling("RootSessions", project))
        if denial.root is not True or denial.sessions is False or not sessions:
            return
        whys = [item.why or item.block.doubt for item in sessions]
        why = "" if "" in whys else whys[0]
        attached = _is_attached(block, project)
        if attached is False:
            return
        if isinstance(denial.sessions, str) or isinstance(attached, str) or why:
            told = (denial.sessions, attached, why)
            reason = next(item for item in told if item and isinstance(item, str))
            yield self.undetermined(block, f"whether it denies root sessions, too: {reason}")
            return
        yield self.finding(
            block,
            "the policy denies root sessions (sts:AssumeRoot) as well, which this code turns on: "
            'add the condition Null = { "aws:AssumedRoot" = "true" }',
            related=(Related(sessions[0].block.location, "root sessions are turned on here"),),
        )


def _control_policies(project: Project) -> list[Block]:
    policies = deployed(project.resources(POLICY), project)
    return [policy for policy in policies if _is_control(policy)]


def _is_control(policy: Block) -> bool:
    """False for policies for tags, backups and more; without a type it is an SCP."""
    type = policy["type"]
    return type.absent or type.unknown or type.text == "SERVICE_CONTROL_POLICY"


def _denies(policy: Block) -> Told:
    return denial_of(document_of(policy["content"])).root


def _denying(project: Project) -> Iterator[Held]:
    for policy in project.resources(POLICY):
        denies = _denies(policy) if _is_control(policy) else False
        attached = _is_attached(policy, project) if denies else False
        if denies and attached:
            whys = (policy["type"].why, denies, attached)
            yield Held(policy, next((w for w in whys if w and isinstance(w, str)), ""), wide=True)


def _is_attached(policy: Block, project: Project) -> Told:
    """Whether an attachment names the policy; one of an unknown policy may do so."""
    open_: list[str] = []
    for attachment in project.resources(ATTACHMENT):
        id = attachment["policy_id"]
        targets = [reference.target for _, reference in id.deep_references()]
        if any(t.address == policy.address and t.root == policy.root for t in targets):
            if not attachment.doubt:
                return True
            open_.append(f"{attachment.address}: {attachment.doubt}")
        elif id.unknown and not any(target.type == POLICY for target in targets):
            open_.append(f"{attachment.address}: {id.why}")
    return next(iter(open_), False)


def _controls(project: Project) -> Iterator[Held]:
    for control in project.resources("aws_controltower_control"):
        if _CONTROL.search(control["control_identifier"].text or ""):
            yield Held(control, wide=True)
