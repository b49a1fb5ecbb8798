"""RF304: rotation that takes the old key away before its consumers hold the new one."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Severity
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rotation import Verdict, has_to_rotate, open_points, rotation_of
from rolefirst.rules.rotation_overlap import gaps


class RotationWithoutOverlap(Rule):
    """The old key dies before its consumers hold the new one

    ## Why
    Terraform replaces a key by destroying the old one first: until every consumer has the new one,
    nothing works. With `create_before_destroy` it deletes the old key in the same apply, as soon
    as the resources that hold it are updated; whoever reads the key from an output or a store is
    not waited for. An outage at every turn is how rotation gets switched off. Two keys that take
    turns keep one alive at all times.

    ## Bad
    ```hcl
    resource "time_rotating" "backup" {
      rotation_days = 60
    }

    resource "terraform_data" "backup" {
      triggers_replace = [time_rotating.backup.id]
    }

    resource "aws_iam_access_key" "backup" { # expect: RF304
      user = "backup"

      lifecycle {
        replace_triggered_by = [terraform_data.backup]
      }
    }
    ```

    ## Good
    ```hcl
    resource "time_rotating" "a" {
      rotation_days = 60
    }

    resource "time_rotating" "b" {
      rotation_days = 60
    }

    resource "terraform_data" "a" {
      triggers_replace = [time_rotating.a.id]
    }

    resource "terraform_data" "b" {
      triggers_replace = [time_rotating.b.id]
    }

    resource "aws_iam_access_key" "a" {
      user = "backup"

      lifecycle {
        replace_triggered_by = [terraform_data.a]
      }
    }

    resource "aws_iam_access_key" "b" {
      user = "backup"

      lifecycle {
        replace_triggered_by = [terraform_data.b]
      }
    }
    ```

    ## Limits
    Two keys that rotate count as an overlap unless one and the same clock drives both; how far
    apart two clocks started is in the state and not in the code, nor is whether the consumers
    take the newer key. A resource that holds the key is taken to work with the new one as soon as
    Terraform has updated it.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    - https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    """

    id = "RF304"
    name = "rotation_without_overlap"
    severity = Severity.MEDIUM
    resources = (ACCESS_KEY, SERVICE_CREDENTIAL)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for the moment in which no consumer has a key that works."""
        if not has_to_rotate(block, project):
            return
        if rotation_of(block, project).verdict is not Verdict.ROTATES:
            return
        open_point = open_points(block, project)
        found = list(gaps(block, project))
        certain = [gap for gap in found if not gap.doubt]
        if certain and not open_point:
            yield self.finding(block, certain[0].reason, related=certain[0].related)
        elif found:
            gap = (certain or found)[0]
            doubt = "; ".join(part for part in (gap.doubt, open_point) if part)
            yield self.undetermined(block, f"{gap.reason}: {doubt}")
