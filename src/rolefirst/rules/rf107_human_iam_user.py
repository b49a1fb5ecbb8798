"""RF107: an IAM user stands for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rolefirst.findings import Confidence, Decision, Evidence, PassedOver, Related, Severity
from rolefirst.iam.people import Sign, signs_of
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule

#: A published module whose users may sign in unless one of its switches is off.
_MODULE = re.compile(r"terraform-aws-(?:modules/)?iam(?:/aws|\.git)?//modules/iam-user\b")
_SWITCHES = ("create_login_profile", "create_iam_user_login_profile", "create", "create_user")
_ADVICE = "people sign in through IAM Identity Center, with a permission set and no password here"


class HumanIamUser(Rule):
    """An IAM user stands for a person

    ## Why
    A person in IAM has a password or key that nobody takes away on the last day of work, in each
    account another one. IAM Identity Center takes people from the directory of the company, asks
    for MFA in one place and hands out credentials that end by themselves, in the browser and with
    `aws sso login` on the command line.

    ## Bad
    ```hcl
    resource "aws_iam_user" "anna" { # expect: RF107
      name = "anna.berg"
    }

    resource "aws_iam_user_login_profile" "anna" {
      user = aws_iam_user.anna.name
    }
    ```

    ## Good
    ```hcl
    data "aws_ssoadmin_instances" "this" {}

    resource "aws_ssoadmin_permission_set" "reader" {
      name         = "reader"
      instance_arn = tolist(data.aws_ssoadmin_instances.this.arns)[0]
    }

    resource "aws_ssoadmin_account_assignment" "reader" {
      instance_arn       = tolist(data.aws_ssoadmin_instances.this.arns)[0]
      permission_set_arn = aws_ssoadmin_permission_set.reader.arn
      principal_id       = "906769aa-66ab-4e3f-8f1d-000000000000"
      principal_type     = "GROUP"
      target_id          = "111122223333"
      target_type        = "AWS_ACCOUNT"
    }
    ```

    ## Limits
    A password and an MFA device are proof; a keybase account that opens the key of this user
    alone, a policy that asks for MFA and a name that is an e-mail address are strong signs. A name
    such as `anna.berg` by itself is no finding. A break-glass user is a person, too: keep it
    with a reason.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    - https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html
    """

    id = "RF107"
    name = "human_iam_user"
    severity = Severity.MEDIUM
    resources = (USER,)

    def subjects(self, project: Project) -> Iterable[Block]:
        """Users, and calls of the module that makes users with a password."""
        made = (call for call in project.modules() if _MODULE.search(call["source"].text or ""))
        return (*project.resources(USER), *made)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for what only a person has."""
        if block.kind == "module":
            yield from self._module(block)
            return
        signs = signs_of(block, project)
        certain = [sign for sign in signs if not sign.doubt]
        if certain:
            first = certain[0]
            yield self.finding(
                block,
                f"this user is a person: {first.text}; {_ADVICE}",
                confidence=first.confidence,
                related=tuple(Related(s.location, s.text) for s in certain),
                decision=_decision(certain),
            )
        elif signs:
            reason = f"{signs[0].text}, if it exists: {signs[0].doubt}"
            yield self.undetermined(block, f"whether this user is a person is open: {reason}")

    def _module(self, call: Block) -> Iterator[Result]:
        """The module makes a password unless it is told not to."""
        written = {name: call[name] for name in _SWITCHES if name in call.names()}
        if any(str(value.data).casefold() == "false" for value in written.values()):
            return
        doubt = next((name for name, value in written.items() if not value.known), "")
        if doubt:
            reason = f"{doubt}: {written[doubt].why}"
            yield self.undetermined(call, f"whether the user gets a password is open: {reason}")
            return
        sign = Sign("the module gives it a password", call.location, Confidence.HIGH)
        yield self.finding(
            call,
            f"this user is a person: {sign.text}; {_ADVICE}. For a program write "
            "create_login_profile = false (create_iam_user_login_profile before release 6)",
            confidence=Confidence.MEDIUM,
            decision=_decision([sign]),
        )


def _decision(signs: list[Sign]) -> Decision:
    confidence = signs[0].confidence
    return Decision(
        category="human",
        alternative="identity-center",
        confidence=confidence,
        summary="The user is a person. Use IAM Identity Center instead.",
        template="identity_center",
        evidence=tuple(Evidence("person", sign.text, sign.location) for sign in signs),
        passed_over=(PassedOver("iam-role", "a person is no workload that could carry a role"),),
    )
