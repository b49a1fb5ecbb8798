"""RF501: an IAM user is an administrator."""

from collections.abc import Iterator

from rolefirst.findings import Severity
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rights import (
    existence,
    granting,
    listed,
    rights_of,
    severity_for,
)


class KeyUserAdmin(Rule):
    """An IAM user is an administrator

    ## Why
    A key works from anywhere, for as long as nobody deletes it. The key of an administrator is the
    whole account in one line of text: whoever finds it in a log, a laptop or a state file can read
    all data, delete it and make users of their own. A program never needs that, and a person
    becomes administrator through IAM Identity Center, for some hours.

    ## Bad
    ```hcl
    data "aws_iam_policy" "admin" {
      name = "AdministratorAccess"
    }

    resource "aws_iam_user" "deploy" { # expect: RF501
      name = "deploy"
    }

    resource "aws_iam_user_policy_attachment" "deploy" {
      user       = aws_iam_user.deploy.name
      policy_arn = data.aws_iam_policy.admin.arn
    }

    resource "aws_iam_access_key" "deploy" {
      user = aws_iam_user.deploy.name
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_user" "deploy" {
      name = "deploy"
    }

    resource "aws_iam_user_policy" "deploy" {
      user = aws_iam_user.deploy.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["s3:PutObject"]
          Resource = "arn:aws:s3:::acme-releases/*"
        }]
      })
    }
    ```

    ## Limits
    An administrator has all of IAM and all of the rest by one statement, whatever little is left
    out. A condition on where, when or how a request is made does not change that. A permissions
    boundary and a Deny do, as far as they go. Without a key of the user in the code the severity
    is one step lower. Only users that the code declares are looked at, and not what an SCP denies.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
    - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    id = "RF501"
    name = "key_user_admin"
    severity = Severity.CRITICAL
    resources = (USER,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for a statement that gives everything and that nothing takes back."""
        rights = rights_of(block, project)
        found = rights.admin
        if found is not None and rights.is_admin:
            yield self.finding(
                block,
                f"the user is an administrator: {found.grant.label} allows {found.what}"
                f"{existence(block, [found.grant])}. Allow the actions it needs on the resources "
                "it needs",
                severity=severity_for(block, project, self.severity),
                related=granting([found.grant]),
            )
            return
        doubts = rights.unknown_admin
        if doubts:
            reason = f"whether the user is an administrator is open: {listed(doubts)}"
            yield self.undetermined(block, reason)
