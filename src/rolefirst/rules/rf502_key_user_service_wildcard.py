"""RF502: an IAM user may do anything with a whole service."""

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


class KeyUserServiceWildcard(Rule):
    """An IAM user may do anything with a whole service

    ## Why
    Who holds the key can read, change and delete everything the service keeps, also what was made
    after the policy, and use each action that AWS adds. `NotAction` is wider still: it allows all
    services but the listed ones. `sts:AssumeRole` on every role adds the rights of the roles, and
    `iam:PassRole` on every role hands any of them to a program of the holder's choice.

    ## Bad
    ```hcl
    resource "aws_iam_user" "backup" { # expect: RF502
      name = "backup"
    }

    resource "aws_iam_user_policy" "backup" {
      user = aws_iam_user.backup.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "s3:*"
          Resource = "*"
        }]
      })
    }

    resource "aws_iam_access_key" "backup" {
      user = aws_iam_user.backup.name
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_user" "backup" {
      name = "backup"
    }

    resource "aws_iam_user_policy" "backup" {
      user = aws_iam_user.backup.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["s3:PutObject", "s3:GetObject"]
          Resource = "arn:aws:s3:::acme-backups/*"
        }]
      })
    }
    ```

    ## Limits
    Wildcards inside of a name, such as `s3:Get*` or `arn:aws:s3:::acme-*`, are no finding. A
    policy of AWS counts when its name ends in FullAccess or is PowerUserAccess. Administrators are
    left to RF501, and statements with which the user raises its rights to RF503; what is unknown
    is said once, by the rule about the worst that it may be. Without a key of the user in the code
    the severity is one step lower. Only users that the code declares are looked at, and not what
    an SCP denies.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """

    id = "RF502"
    name = "key_user_service_wildcard"
    severity = Severity.HIGH
    resources = (USER,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for statements and policies of AWS that give a whole service or more."""
        rights = rights_of(block, project)
        if rights.is_admin:
            return
        certain = [item for item in rights.broad if is_certain(item.verdict)]
        if certain:
            grants = [item.grant for item in certain]
            yield self.finding(
                block,
                f"the user has {listed(item.what for item in certain)}"
                f"{existence(block, grants)}. Allow the actions it needs on the resources it needs",
                severity=severity_for(block, project, self.severity),
                related=granting(grants),
            )
            return
        doubts = rights.unknown_breadth
        if doubts:
            reason = f"whether the user has a whole service is open: {listed(doubts)}"
            yield self.undetermined(block, reason)
