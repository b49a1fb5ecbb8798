"""RF401: an IAM user without an owner."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Severity
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.owners import Standing, owner_of


class OwnerTagMissing(Rule):
    """No tag of the IAM user names an owner

    ## Why
    When a key leaks, somebody has to say within minutes what breaks if it is switched off. An
    access key cannot carry tags, so the owner stands on its user or nowhere.

    ## Bad
    ```hcl
    resource "aws_iam_user" "backup" { # expect: RF401
      name = "backup"

      tags = {
        CostCenter = "4711"
      }
    }
    ```

    ## Good
    ```hcl
    provider "aws" {
      default_tags {
        tags = {
          Owner = "storage-team@corp.example"
        }
      }
    }

    resource "aws_iam_user" "backup" {
      name = "backup"
    }
    ```

    ## Limits
    Tags and the `default_tags` of the user's own provider configuration count, whatever the case
    of the key: owner, team, contact, email, technical-owner, app-owner, service-owner,
    business-unit. A cost centre is not an owner. Default tags set in the environment
    (`TF_AWS_DEFAULT_TAGS_…`) are not in the code.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_users.html
    - https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags
    """

    id = "RF401"
    name = "owner_tag_missing"
    severity = Severity.MEDIUM
    resources = (USER,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for an owner among all tags in force."""
        owner = owner_of(block, project)
        if owner.standing is Standing.UNKNOWN:
            yield self.undetermined(block, f"the owner cannot be told: {owner.reason}")
        elif owner.standing is Standing.MISSING:
            yield self.finding(
                block,
                "neither the tags nor the default_tags in force name an owner: add an Owner tag "
                "with a team that answers",
            )
