"""RF603: the source restriction locks out the key's own use."""

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.iam.sources import Standing
from rolefirst.iam.sources_use import over_denials
from rolefirst.iam.users import is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.sources import beyond, holder, live_keys, policies, restriction_of_key


class SourceRestrictionOverdenies(Rule):
    """The source restriction locks out what the key is there for

    ## Why
    A restriction that refuses the rightful user is taken off in the next incident, and nothing
    comes in its place. A request has either a public address or a VPC, never both, so two
    separate denies refuse everything.

    ## Bad
    ```hcl
    resource "aws_iam_user" "backup" {
      name = "backup"
    }

    resource "aws_iam_user_policy" "source" {
      user = aws_iam_user.backup.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [
          {
            Effect    = "Deny"
            Action    = "*"
            Resource  = "*"
            Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.16/28"] } }
          },
          {
            Effect    = "Deny"
            Action    = "*"
            Resource  = "*"
            Condition = { StringNotEquals = { "aws:SourceVpc" = ["vpc-0abc"] } }
          },
        ]
      })
    }

    resource "aws_iam_access_key" "backup" { # expect: RF603
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
            NotIpAddressIfExists    = { "aws:SourceIp" = ["203.0.113.16/28"] }
            StringNotEqualsIfExists = { "aws:SourceVpc" = ["vpc-0abc"] }
            BoolIfExists            = { "aws:ViaAWSService" = "false" }
          }
        }]
      })
    }

    resource "aws_iam_access_key" "backup" {
      user = aws_iam_user.backup.name
    }
    ```

    ## Limits
    Judged only where the restriction binds; what does not is RF602. A missing
    `aws:ViaAWSService` counts where the user may use Athena, CloudFormation, KMS or everything:
    others hardly let services call in their name. Missing IPv6 ranges count where the provider
    configuration asks for dual-stack endpoints.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
    """

    id = "RF603"
    name = "source_restriction_overdenies"
    severity = Severity.MEDIUM

    def subjects(self, project: Project) -> Iterable[Block]:
        """What makes keys: resources, modules and scripts."""
        return live_keys(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Let the rightful user try."""
        restriction = restriction_of_key(block, project)
        if restriction.standing is not Standing.BINDS:
            return
        found = next(over_denials(holder(block, project), project), None)
        if found is None:
            return
        if is_active(block) is None:
            yield self.undetermined(block, f"{found.reason}; status: {block['status'].why}")
        else:
            yield self.finding(
                block,
                "the source restriction locks out its own use: "
                f"{found.reason}{beyond(block, restriction)}",
                related=policies(found.grants),
            )
