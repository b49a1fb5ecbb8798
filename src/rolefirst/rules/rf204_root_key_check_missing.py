"""RF204: Config rules are managed here without IAM_ROOT_ACCESS_KEY_CHECK."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules import config_rules
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.managed import on_condition, presence, signs

CHECK = "IAM_ROOT_ACCESS_KEY_CHECK"


class RootKeyCheckMissing(Rule):
    """No Config rule watches for access keys of root

    ## Why
    A key of root can do everything, and no policy in the account limits it. Where AWS Config
    watches the account anyway, the managed rule `IAM_ROOT_ACCESS_KEY_CHECK` says within a day that
    such a key exists. It takes no parameter.

    ## Bad
    ```hcl
    resource "aws_config_config_rule" "encrypted_volumes" { # expect: RF204
      name = "encrypted-volumes"

      source {
        owner             = "AWS"
        source_identifier = "ENCRYPTED_VOLUMES"
      }
    }
    ```

    ## Good
    ```hcl
    resource "aws_config_config_rule" "root_key" {
      name = "iam-root-access-key-check"

      source {
        owner             = "AWS"
        source_identifier = "IAM_ROOT_ACCESS_KEY_CHECK"
      }
    }
    ```

    ## Limits
    Rules for the whole organization count wherever they are declared; a rule of one account counts
    for its own root module, and with another root module it is open whether both are the same
    account. The foundational and CIS standards of Security Hub bring the check along. Conformance
    packs are read when their template is in the code.

    ## References
    - https://docs.aws.amazon.com/config/latest/developerguide/iam-root-access-key-check.html
    - https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
    """

    id = "RF204"
    name = "root_key_check_missing"
    severity = Severity.LOW
    resources = config_rules.TYPES

    def subjects(self, project: Project) -> Iterable[Block]:
        """One Config rule per root module."""
        return signs(project, *self.resources)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for the rule among them."""
        held = config_rules.holding(CHECK, project)
        found = presence(block, held, project, config_rules.MODULES)
        if found.there:
            return
        if found.why:
            yield self.undetermined(block, f"whether {CHECK} is turned on: {found.why}")
            return
        yield self.finding(
            block,
            f"Config rules are managed here and {CHECK} is not among them: a key of root would "
            f"go unnoticed{on_condition(block)}",
        )
