"""RF303: rotation that never happens."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Severity
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rotation import Verdict, has_to_rotate, open_points, rotation_of


class RotationIneffective(Rule):
    """It looks like key rotation and never happens

    ## Why
    A reviewer who sees `time_rotating` beside a key ticks off rotation, and the key grows old
    under that tick. A `time_rotating` in `replace_triggered_by` is never updated or replaced in
    the sense of Terraform: the provider drops it and it is created anew, so the key stays.
    And a key that a Lambda or Vault rotates cannot be a Terraform resource as well: the next
    apply puts a key back.

    ## Bad
    ```hcl
    resource "time_rotating" "backup" {
      rotation_days = 60
    }

    resource "aws_iam_access_key" "backup" { # expect: RF303
      user = "backup"

      lifecycle {
        replace_triggered_by = [time_rotating.backup]
      }
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
    Stands in place of RF301, never beside it. A trigger that changes only when someone edits the
    code counts as ineffective: it is a promise, not automation; so does a CI job without a schedule
    that replaces the key. A rotator outside this root module is not seen, nor is a scheduled Lambda
    whose policies are not in the code. A function is judged by what its role may do, not by its
    own code.

    ## References
    - https://github.com/hashicorp/terraform-provider-time/issues/118
    - https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    - https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
    """

    id = "RF303"
    name = "rotation_ineffective"
    severity = Severity.HIGH
    resources = (ACCESS_KEY, SERVICE_CREDENTIAL)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Judge the rotation the code shows."""
        if not has_to_rotate(block, project):
            return
        rotation = rotation_of(block, project)
        if rotation.verdict is not Verdict.INEFFECTIVE:
            return
        open_point = open_points(block, project)
        if open_point:
            yield self.undetermined(block, f"{rotation.reason}; {open_point}")
            return
        source = rotation.source
        related = (source,) if source is not None and source.label != block.address else ()
        yield self.finding(block, rotation.reason, related=related)
