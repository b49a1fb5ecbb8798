"""RF503: an IAM user can raise its own rights."""

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rights import is_certain, judged, listed, subjects_at


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
    read to RF501. Without a key of the user in the code the severity is one step lower. Users that
    are declared elsewhere are judged as by RF501. What an SCP denies is not looked at.

    ## References
    - https://pathfinding.cloud
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    id = "RF503"
    name = "key_user_privilege_escalation"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """Users, and what gives rights to users that are declared elsewhere."""
        return judged(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for the known ways among the rights of the user."""
        for subject in subjects_at(block, project):
            rights = subject.rights
            if rights.is_admin:
                continue
            certain = [way for way in rights.raises if is_certain(way.verdict)]
            if certain:
                text = f"can raise its own rights: {listed(way.what for way in certain)}"
                grants = [held.grant for way in certain for held in way.held]
                advice = "Limit these actions to what it works on"
                yield subject.claim(self, project, text, grants, advice)
            elif doubts := rights.unknown_raise:
                yield subject.doubt(self, "can raise its own rights", doubts)
