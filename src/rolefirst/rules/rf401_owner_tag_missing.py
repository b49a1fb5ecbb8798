"""RF401: an IAM user without an owner, or without a tag that the configuration requires."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Severity
from rolefirst.iam.people import is_person
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.owners import Standing, owner_of, required_of


class OwnerTagMissing(Rule):
    """The IAM user lacks an owner tag or a tag that is required

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
    Tags and the `default_tags` of the user's own provider configuration count. A key names an
    owner when it ends with owner, owned-by, team, squad, contact, email, maintainer, steward,
    custodian, business-unit or slack-channel, whatever its case: `GithubTeam`, `acme:owner`. A
    cost centre is no owner, nor is who created the user. `[owner] keys` in `rolefirst.toml` names
    other keys instead. Tags that `[tags] required` lists must be there as well, with a value;
    without such a list the owner is all that is asked for. Default tags set in the environment
    (`TF_AWS_DEFAULT_TAGS_…`) are not in the code. A user that stands for a person (RF107) is not
    asked for an owner: the person answers for it, and no tag makes up for the user.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_users.html
    - https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags
    """

    id = "RF401"
    name = "owner_tag_missing"
    severity = Severity.MEDIUM
    resources = (USER,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for an owner and for what is required among all tags in force."""
        owner = owner_of(block, project)
        required = required_of(block, project)
        lacks = []
        person = is_person(block, project)
        if owner.standing is Standing.MISSING and not person:
            lacks.append("name an owner: add an Owner tag with a team that answers")
        if required.missing:
            keys = ", ".join(required.missing)
            lacks.append(f"have all that the configuration requires: add {keys}")
        if lacks:
            text = f"neither the tags nor the default_tags in force {'; nor do they '.join(lacks)}"
            yield self.finding(block, text)
            return
        if owner.standing is Standing.UNKNOWN and not person:
            yield self.undetermined(block, f"the owner cannot be told: {owner.reason}")
        if required.doubts:
            reason = "; ".join(required.doubts)
            yield self.undetermined(block, f"the required tags cannot be told: {reason}")
