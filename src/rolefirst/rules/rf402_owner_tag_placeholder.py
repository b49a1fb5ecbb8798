"""RF402: an owner tag that names nobody."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Related, Severity
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.owners import Standing, owner_of


class OwnerTagPlaceholder(Rule):
    """The owner tag of the IAM user names nobody

    ## Why
    A placeholder satisfies a tag policy and helps no one at night. `terraform` does not answer
    the telephone, and neither does the user itself.

    ## Bad
    ```hcl
    resource "aws_iam_user" "backup" { # expect: RF402
      name = "backup"

      tags = {
        Owner = "TODO"
      }
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_user" "backup" {
      name = "backup"

      tags = {
        Owner = "storage-team@corp.example"
      }
    }
    ```

    ## Limits
    Reported only where every owner tag is a placeholder; one real name is enough. Words that name
    nobody are added with `[owner] placeholders` in `rolefirst.toml`. Whether a named team still
    exists is not in the code. A user without any owner tag is RF401, and so is one whose owner
    cannot be told.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_users.html
    - https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html
    """

    id = "RF402"
    name = "owner_tag_placeholder"
    severity = Severity.LOW
    resources = (USER,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look at what the owner tags say."""
        owner = owner_of(block, project)
        if owner.tag is None:
            return
        shown = f"tag {owner.tag.key} says {str(owner.tag.value.data)!r}, which names nobody"
        if owner.standing is Standing.DOUBTFUL:
            yield self.undetermined(block, f"{shown}, and the rest is unknown: {owner.reason}")
        elif owner.standing is Standing.PLACEHOLDER:
            yield self.finding(
                block,
                f"{shown}: write the team that answers",
                related=(Related(owner.tag.location, f"tag {owner.tag.key}"),),
            )
