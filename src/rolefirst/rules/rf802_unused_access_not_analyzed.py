"""RF802: the account baseline managed here has no unused-access analyzer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.managed import Held, on_condition, presence, signs

ANALYZER = "aws_accessanalyzer_analyzer"
_ORGANIZATION = "ORGANIZATION_UNUSED_ACCESS"
_TYPES = ("ACCOUNT_UNUSED_ACCESS", _ORGANIZATION)
#: Remote modules that may bring an analyzer along.
MODULES = r"access[-_]?analy[sz]er|baseline|landing[-_]?zone"


class UnusedAccessNotAnalyzed(Rule):
    """No analyzer looks for unused access

    ## Why
    A key that nobody uses can go today, and only the account knows which one that is. An analyzer
    for unused access lists unused keys, passwords, roles and permissions all the time. It belongs
    to what is set once per account: the other analyzers, the password policy, the Config recorder,
    the organization.

    ## Bad
    ```hcl
    resource "aws_accessanalyzer_analyzer" "external" { # expect: RF802
      analyzer_name = "external-access"
      type          = "ACCOUNT"
    }
    ```

    ## Good
    ```hcl
    resource "aws_accessanalyzer_analyzer" "external" {
      analyzer_name = "external-access"
      type          = "ACCOUNT"
    }

    resource "aws_accessanalyzer_analyzer" "unused" {
      analyzer_name = "unused-access"
      type          = "ACCOUNT_UNUSED_ACCESS"

      configuration {
        unused_access {
          unused_access_age = 90
        }
      }
    }
    ```

    ## Limits
    An analyzer of the organization counts wherever it is declared; one of an account counts for its
    own root module, and with another root module it is open whether both are the same account.
    Analyzers of unused access are charged per user and role. They do not cover root.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
    - https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/accessanalyzer_analyzer
    """

    id = "RF802"
    name = "unused_access_not_analyzed"
    severity = Severity.LOW
    #: What is set up once per account. A trail is not: applications have their own.
    resources = (
        ANALYZER,
        "aws_iam_account_password_policy",
        "aws_config_configuration_recorder",
        "aws_organizations_organization",
    )

    def subjects(self, project: Project) -> Iterable[Block]:
        """One block per root module that shows an account is set up there."""
        return signs(project, *self.resources)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for the analyzer."""
        found = presence(block, _analyzing(project), project, MODULES)
        if found.there:
            return
        if found.why:
            yield self.undetermined(block, f"whether unused access is analyzed: {found.why}")
            return
        yield self.finding(
            block,
            "the account is set up here and nothing looks for unused access: add an "
            f"{ANALYZER} of type {' or '.join(_TYPES)}{on_condition(block)}",
        )


def _analyzing(project: Project) -> Iterator[Held]:
    for analyzer in project.resources(ANALYZER):
        type = analyzer["type"]
        if type.unknown or type.text in _TYPES:
            yield Held(analyzer, type.why, wide=type.text == _ORGANIZATION)
