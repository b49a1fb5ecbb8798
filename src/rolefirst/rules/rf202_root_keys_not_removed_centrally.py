"""RF202: the organization is managed here without RootCredentialsManagement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.managed import Held, first_of_each_root, on_condition, presence, signs

ORGANIZATION = "aws_organizations_organization"
FEATURES = "aws_iam_organizations_features"
#: Remote modules that may set up an organization.
MODULES = r"organi[sz]ation|control[-_]?tower|landing[-_]?zone|baseline"


class RootKeysNotRemovedCentrally(Rule):
    """The organization does not manage root credentials centrally

    ## Why
    Every member account has a root user, and each of them can have access keys that no policy
    limits. With central management of root credentials the organization removes them from all
    member accounts at once and keeps them from coming back; new accounts have none from the start.

    ## Bad
    ```hcl
    resource "aws_organizations_organization" "main" { # expect: RF202
      feature_set = "ALL"
    }
    ```

    ## Good
    ```hcl
    resource "aws_organizations_organization" "main" {
      aws_service_access_principals = ["iam.amazonaws.com"]
      feature_set                   = "ALL"
    }

    resource "aws_iam_organizations_features" "main" {
      enabled_features = ["RootCredentialsManagement", "RootSessions"]
    }
    ```

    ## Limits
    A feature that was turned on outside of this code is not seen. The feature counts wherever it
    is declared in the scanned tree, because an organization has it or not. Where only a module
    that nothing here calls declares the organization, as with Terragrunt, it is undetermined. Root
    of the management account is not covered by it.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
    - https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_organizations_features
    """

    id = "RF202"
    name = "root_keys_not_removed_centrally"
    severity = Severity.MEDIUM
    resources = (
        ORGANIZATION,
        "aws_organizations_organizational_unit",
        "aws_organizations_policy",
        "aws_organizations_policy_attachment",
        "aws_organizations_account",
        FEATURES,
    )

    def subjects(self, project: Project) -> Iterable[Block]:
        """One block per root module that manages an organization; else who calls it is unseen."""
        return signs(project, *self.resources) or first_of_each_root(
            project.resources(ORGANIZATION), lambda _: 0
        )

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for the feature."""
        held = list(enabling("RootCredentialsManagement", project))
        if any(features.root == block.root for features in project.resources(FEATURES)):
            # What this root module states itself is what its next apply makes true.
            held = [item for item in held if item.block.root == block.root]
        found = presence(block, held, project, MODULES)
        if found.there:
            return
        why = found.why
        if not why and project.is_library(block.root):
            why = f"{block.root} is called from outside of this tree, which may turn that on"
        if why:
            yield self.undetermined(block, f"whether root keys are removed centrally: {why}")
            return
        yield self.finding(
            block,
            "the organization is managed here and nothing turns on RootCredentialsManagement, so "
            "root of every member account can have access keys: declare "
            f"{FEATURES} with it{on_condition(block)}",
        )


def enabling(feature: str, project: Project) -> Iterator[Held]:
    """The blocks that turn a feature of the organization on, or may do so."""
    for block in project.resources(FEATURES):
        features = block["enabled_features"]
        if any(member.text == feature for member in features.members()):
            yield Held(block, wide=True)
        elif not features.known and not features.absent:
            yield Held(block, features.why, wide=True)
