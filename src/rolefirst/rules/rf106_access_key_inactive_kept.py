"""RF106: an inactive key that is still declared."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Related, Severity
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL, is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule


class InactiveKeyKept(Rule):
    """An inactive access key is still declared

    ## Why
    Inactive is the step before deletion: it proves that nobody misses the key. A key that stays
    there can be switched on again by whoever may update it, its secret stays in the state, and it
    takes one of the two slots a rotation needs.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "ci" { # expect: RF106
      user   = "ci"
      status = "Inactive"
    }
    ```

    ## Good
    ```hcl
    data "aws_iam_policy_document" "assume_ci" {
      statement {
        actions = ["sts:AssumeRole"]

        principals {
          type        = "Service"
          identifiers = ["codebuild.amazonaws.com"]
        }
      }
    }

    resource "aws_iam_role" "ci" {
      name               = "ci"
      assume_role_policy = data.aws_iam_policy_document.assume_ci.json
    }
    ```

    ## Limits
    The code does not tell since when the key has been inactive. Wait for a full cycle of its
    slowest use, a monthly job for instance, before deleting it.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    - https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
    """

    id = "RF106"
    name = "access_key_inactive_kept"
    severity = Severity.LOW
    resources = (ACCESS_KEY, SERVICE_CREDENTIAL)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look at the status."""
        active = is_active(block)
        if active is None:
            yield self.undetermined(block, f"status: {block['status'].why}")
        elif not active:
            yield self.finding(
                block,
                "the key is Inactive and still declared: when nothing has missed it, delete it",
                related=(Related(block.at("status"), "set to Inactive here"),),
            )
