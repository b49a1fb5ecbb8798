"""RF502: an IAM user may do anything with a whole service."""

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rights import ADVICE, is_certain, judged, listed, subjects_at


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
    the severity is one step lower. Users that are declared elsewhere are judged as by RF501. What
    an SCP denies is not looked at.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """

    id = "RF502"
    name = "key_user_service_wildcard"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """Users, and what gives rights to users that are declared elsewhere."""
        return judged(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for statements and policies of AWS that give a whole service or more."""
        for subject in subjects_at(block, project):
            rights = subject.rights
            if rights.is_admin:
                continue
            certain = [item for item in rights.broad if is_certain(item.verdict)]
            if certain:
                text = f"has {listed(item.what for item in certain)}"
                grants = [item.grant for item in certain]
                yield subject.claim(self, project, text, grants, ADVICE)
            elif doubts := rights.unknown_breadth:
                yield subject.doubt(self, "has a whole service", doubts)
