"""RF602: a source condition is there and does not bind."""

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.iam.sources import Standing
from rolefirst.iam.users import is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.sources import beyond, live_keys, policies, restriction_of_key


class SourceRestrictionIneffective(Rule):
    """A source condition is there and does not keep strangers out

    ## Why
    A condition that looks like a restriction stops the search for one. What usually goes wrong:
    a list that names everybody (`0.0.0.0/0`, two halves of it), a Deny that refuses the listed
    addresses instead of all others, an operator that holds when the request has no such key
    (`IpAddressIfExists` in an Allow), a key that does not say where a user calls from
    (`aws:SourceArn`), a condition on some actions while others are open, and a Deny that the
    user can take off itself.

    ## Bad
    ```hcl
    resource "aws_iam_user" "backup" {
      name = "backup"
    }

    resource "aws_iam_user_policy" "source" {
      user = aws_iam_user.backup.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Deny"
          Action    = "*"
          Resource  = "*"
          Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.16/28"] } }
        }]
      })
    }

    resource "aws_iam_access_key" "backup" { # expect: RF602
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
    Wider than `/8` (IPv6: `/16`) counts as everybody. Lists that are only known when they are
    applied count as right. Policies of resources (a bucket, a queue) can allow the user more than
    its own Allow statements do; only a Deny stands above them, and here they are not read. A VPC
    id is unique in its region only. A Deny on the user does not follow the sessions of roles: an
    `sts:AssumeRole` on a role of this tree without a condition of its own is reported as medium,
    on a role elsewhere it is undetermined, and beside another finding it is mentioned.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """

    id = "RF602"
    name = "source_restriction_ineffective"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """What makes keys: resources, modules and scripts."""
        return live_keys(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Let a stranger try."""
        found = restriction_of_key(block, project)
        broken = found.standing in (Standing.INEFFECTIVE, Standing.ESCAPES)
        if broken and is_active(block) is None:
            yield self.undetermined(block, f"{found.reason}; status: {block['status'].why}")
        elif broken:
            escapes = found.standing is Standing.ESCAPES
            yield self.finding(
                block,
                "the source restriction does not keep strangers out: "
                f"{found.reason}{beyond(block, found)}",
                severity=Severity.MEDIUM if escapes else None,
                related=policies(found.grants),
            )
        elif found.standing is Standing.UNKNOWN and found.grants:
            yield self.undetermined(block, f"whether the source restriction binds: {found.reason}")
