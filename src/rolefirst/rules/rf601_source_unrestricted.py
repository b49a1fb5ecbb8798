"""RF601: the key works from anywhere."""

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.iam.sources import Standing
from rolefirst.iam.users import is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.sources import beyond, live_keys, policies, restriction_of_key


class SourceUnrestricted(Rule):
    """Nothing limits where the access key works from

    ## Why
    Whoever finds a key uses it from their own network. A role would be better; as long as the key
    stays, a Deny for every request from elsewhere makes a stolen one worthless.

    ## Bad
    ```hcl
    resource "aws_iam_user" "backup" {
      name = "backup"
    }

    resource "aws_iam_user_policy" "backup" {
      user = aws_iam_user.backup.name
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }]
      })
    }

    resource "aws_iam_access_key" "backup" { # expect: RF601
      user = aws_iam_user.backup.name
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_user" "backup" {
      name = "backup"
    }

    resource "aws_iam_user_policy" "source" {
      user = aws_iam_user.backup.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Deny"
          Action   = "*"
          Resource = "*"
          Condition = {
            NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] }
            BoolIfExists         = { "aws:ViaAWSService" = "false" }
          }
        }]
      })
    }

    resource "aws_iam_access_key" "backup" {
      user = aws_iam_user.backup.name
    }
    ```

    ## Limits
    Read are the user's policies, those of its groups, its permissions boundary, and service
    control policies of this tree that are attached to something; a policy that is made elsewhere
    and not mentioned here is not seen. A list that is only known when it is applied
    (`var.allowed_ips`) counts as a list of the right addresses. A condition on who calls
    (`aws:PrincipalArn`) limits no source. A policy without readable text leaves it undetermined,
    and so does a user that is declared elsewhere, as the users of published modules are, unless a
    Deny that stands here binds it. A command that names no user makes a key of whoever runs it, and
    is left to RF101 and RF201. Inactive keys are left out. Conditions that do not do what they seem
    to are RF602. A condition on the user does not bind the sessions of roles; where its policies
    allow `sts:AssumeRole`, the message says so.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """

    id = "RF601"
    name = "source_unrestricted"
    severity = Severity.MEDIUM

    def subjects(self, project: Project) -> Iterable[Block]:
        """What makes keys: resources, modules and scripts."""
        return live_keys(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for any condition on the source."""
        found = restriction_of_key(block, project)
        if found.standing is Standing.OPEN and is_active(block) is None:
            yield self.undetermined(
                block, f"nothing limits where the key works from; status: {block['status'].why}"
            )
        elif found.standing is Standing.OPEN:
            yield self.finding(
                block,
                "nothing limits where the key works from: as long as it stays, deny requests from "
                f"outside its network (aws:SourceIp, aws:SourceVpc){beyond(block, found)}",
                related=policies(found.grants),
            )
        elif found.standing is Standing.UNKNOWN and not found.grants:
            yield self.undetermined(block, f"where the key works from: {found.reason}")
