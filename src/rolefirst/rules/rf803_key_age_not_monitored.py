"""RF803: the Config rules managed here do not watch the age of access keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rolefirst import limits
from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules import config_rules
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.managed import Held, deployed, first_of_each_root, on_condition, presence

CHECK = "ACCESS_KEYS_ROTATED"


class KeyAgeNotMonitored(Rule):
    """No Config rule watches the age of access keys

    ## Why
    A key that must stay is replaced at least every 90 days. Where AWS Config watches the account
    anyway, the managed rule `ACCESS_KEYS_ROTATED` names every active key that is older, also the
    ones this code does not know. With a larger `maxAccessKeyAge` it names them too late.

    ## Bad
    ```hcl
    resource "aws_config_config_rule" "keys" { # expect: RF803
      name             = "access-keys-rotated"
      input_parameters = jsonencode({ maxAccessKeyAge = "180" })

      source {
        owner             = "AWS"
        source_identifier = "ACCESS_KEYS_ROTATED"
      }
    }
    ```

    ## Good
    ```hcl
    resource "aws_config_config_rule" "keys" {
      name             = "access-keys-rotated"
      input_parameters = jsonencode({ maxAccessKeyAge = "90" })

      source {
        owner             = "AWS"
        source_identifier = "ACCESS_KEYS_ROTATED"
      }
    }
    ```

    ## Limits
    Rules for the whole organization count wherever they are declared; a rule of one account counts
    for its own root module, and with another root module it is open whether both are the same
    account. The foundational and CIS standards of Security Hub bring the check along. Of several
    such rules the strictest counts. Watching the age rotates nothing (see RF301).

    ## References
    - https://docs.aws.amazon.com/config/latest/developerguide/access-keys-rotated.html
    - https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
    """

    id = "RF803"
    name = "key_age_not_monitored"
    severity = Severity.LOW
    resources = config_rules.TYPES

    def subjects(self, project: Project) -> Iterable[Block]:
        """One Config rule per root module, of keys if there is one."""
        watching = {item.block for item in config_rules.holding(CHECK, project)}
        blocks = deployed(project.resources(*self.resources), project)
        return first_of_each_root(blocks, lambda block: block not in watching)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for the rule among them, and at the age it allows."""
        limit = limits.of(project).rotation_days
        held: list[Held] = []
        lax: list[str] = []
        for item in config_rules.holding(CHECK, project):
            age = config_rules.key_age(item.block)
            if age.unknown:
                held.append(replace(item, why=item.why or f"{config_rules.AGE}: {age.why}"))
            elif isinstance(age.data, int) and age.data <= limit:
                held.append(item)
            elif item.block.root == block.root:
                lax.append(f"{item.block.address} lets a key grow {age.data} days old")
        found = presence(block, held, project, config_rules.MODULES)
        if found.there:
            return
        if found.why and (found.here or not lax):
            yield self.undetermined(block, f"whether {CHECK} is turned on: {found.why}")
            return
        missing = f"{CHECK} is not among them: a key of any age would go unnoticed"
        yield self.finding(
            block,
            f"Config rules are managed here and {lax[0] if lax else missing}; "
            f"{limit} days is the limit{on_condition(block)}",
        )
