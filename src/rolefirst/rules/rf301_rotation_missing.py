"""RF301: no automation rotates the key."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Severity
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rotation import Verdict, has_to_rotate, open_points, rotation_of


class RotationMissing(Rule):
    """No automation rotates the access key

    ## Why
    A key works until someone deletes it. Without automation it is replaced when somebody
    remembers, which is after the leak. A key that must stay is replaced at least every 90 days.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "backup" { # expect: RF301
      user = "backup"
    }
    ```

    ## Good
    ```hcl
    resource "time_rotating" "backup" {
      rotation_days = 60
    }

    resource "terraform_data" "backup" {
      triggers_replace = [time_rotating.backup.id]
    }

    resource "aws_iam_access_key" "backup" {
      user = "backup"

      lifecycle {
        create_before_destroy = true
        replace_triggered_by  = [terraform_data.backup]
      }
    }
    ```

    ## Limits
    The clock only turns when Terraform runs. What merely looks like rotation is RF303, a slow clock
    is RF302, and a clock that leaves the consumers without a key is RF304. A CI file that replaces
    the key by its address on a schedule counts as rotation. Inactive keys are left out, and so are
    service credentials that expire on their own within the rotation limit (`[rotation] max-days`,
    by default 90).

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
    - https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/rotating
    - https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    """

    id = "RF301"
    name = "rotation_missing"
    severity = Severity.HIGH
    resources = (ACCESS_KEY, SERVICE_CREDENTIAL)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for anything that replaces the key."""
        if not has_to_rotate(block, project):
            return
        rotation = rotation_of(block, project)
        if rotation.verdict is Verdict.UNKNOWN:
            yield self.undetermined(block, f"whether the key rotates: {rotation.reason}")
        if rotation.verdict is not Verdict.MISSING:
            return
        open_point = open_points(block, project)
        if open_point:
            yield self.undetermined(block, f"nothing rotates the key; {open_point}")
            return
        yield self.finding(
            block,
            "nothing in this code ever replaces the key: use what RF101 says instead, or drive the "
            "key with time_rotating through terraform_data and replace_triggered_by",
        )
