"""RF503: an IAM user can raise its own rights."""

from collections.abc import Iterator

from rolefirst.findings import Severity
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rights import (
    existence,
    granting,
    is_certain,
    listed,
    rights_of,
    severity_for,
)


class KeyUserPrivilegeEscalation(Rule):
    """An IAM user can raise its own rights

    ## Why
    Some actions are worth more than they look. Who may write a policy of its own, make a key for
    another user or pass any role to a machine of its own can have every right that somebody in the
    account has. Such a user is an administrator with a detour, and a policy review that counts
    wildcards does not see it.

    ## Bad
    ```hcl
    resource "aws_iam_user" "ci" { # expect: RF503
      name = "ci"
    }

    resource "aws_iam_user_policy" "ci" {
      user = aws_iam_user.ci.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
          Resource = "*"
        }]
      })
    }

    resource "aws_iam_access_key" "ci" {
      user = aws_iam_user.ci.name
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_user" "ci" {
      name = "ci"
    }

    resource "aws_iam_user_policy" "ci" {
      user = aws_iam_user.ci.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          {
            Effect   = "Allow"
            Action   = ["lambda:CreateFunction", "lambda:InvokeFunction"]
            Resource = "arn:aws:lambda:eu-central-1:111122223333:function:shop-*"
          },
          {
            Effect    = "Allow"
            Action    = "iam:PassRole"
            Resource  = "arn:aws:iam::111122223333:role/shop"
            Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }
          },
          {
            Effect   = "Allow"
            Action   = ["iam:CreateAccessKey", "iam:DeleteAccessKey"]
            Resource = "arn:aws:iam::*:user/$${aws:username}"
          },
        ]
      })
    }
    ```

    ## Limits
    The known ways are looked for, over IAM, with PassRole and through code that runs already, not
    every chain of them. They count on everything, on the user itself, its groups and its policies;
    what is limited to another ARN, or to names that begin alike, is trusted, and so is what a
    condition such as `iam:PermissionsBoundary` limits. Keys for itself are rotation, no raise.
    What comes with a whole service is left to RF502, administrators and policies that cannot be
    read to RF501. Without a key of the user in the code the severity is one step lower. Only users
    that the code declares are looked at, and not what an SCP denies.

    ## References
    - https://pathfinding.cloud
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    id = "RF503"
    name = "key_user_privilege_escalation"
    severity = Severity.HIGH
    resources = (USER,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for the known ways among the rights of the user."""
        rights = rights_of(block, project)
        if rights.is_admin:
            return
        certain = [way for way in rights.raises if is_certain(way.verdict)]
        if certain:
            grants = [held.grant for way in certain for held in way.held]
            yield self.finding(
                block,
                f"the user can raise its own rights: {listed(way.what for way in certain)}"
                f"{existence(block, grants)}. Limit these actions to what it works on",
                severity=severity_for(block, project, self.severity),
                related=granting(grants),
            )
            return
        doubts = rights.unknown_raise
        if doubts:
            reason = f"whether the user can raise its own rights is open: {listed(doubts)}"
            yield self.undetermined(block, reason)
