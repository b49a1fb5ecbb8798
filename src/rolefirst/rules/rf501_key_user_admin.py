"""RF501: an IAM user is an administrator."""

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rights import ADVICE, judged, subjects_at


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
    is one step lower; a service-specific credential that does not end in time is such a key. A
    user that the code names and does not declare is judged by what the code gives it, on the block
    that does so; what else it has is not seen, and whom a variable names is undetermined. What an
    SCP denies is not looked at.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
    - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    id = "RF501"
    name = "key_user_admin"
    severity = Severity.CRITICAL

    def subjects(self, project: Project) -> Iterable[Block]:
        """Users, and what gives rights to users that are declared elsewhere."""
        return judged(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for a statement that gives everything and that nothing takes back."""
        for subject in subjects_at(block, project):
            found = subject.rights.admin
            if found is not None and subject.rights.is_admin:
                text = f"is an administrator: {found.grant.label} allows {found.what}"
                yield subject.claim(self, project, text, [found.grant], ADVICE)
            elif doubts := subject.rights.unknown_admin:
                yield subject.doubt(self, "is an administrator", doubts)
