"""RF101: a long-lived key is declared."""

from collections.abc import Iterable, Iterator

from rolefirst.decision.keys import Key, Origin, dormant, key_of, keys
from rolefirst.decision.order import decide
from rolefirst.findings import Confidence, Severity, Undetermined
from rolefirst.iam.users import is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule

_MADE_BY = {
    Origin.RESOURCE: "a long-lived access key is declared",
    Origin.SERVICE_CREDENTIAL: "a service-specific credential that outlives the rotation limit "
    "is declared",
    Origin.MODULE: "this module makes a long-lived access key",
    Origin.SCRIPT: "a command makes a long-lived access key",
}
_ASK = "Pass --var-file to scan what is deployed."


class AccessKeyLastResort(Rule):
    """A long-lived access key is declared

    ## Why
    An access key works from everywhere until somebody deletes it, and Terraform keeps its secret
    in the state. Nearly every use has something better: an IAM role for a workload on AWS, IAM
    Identity Center for a person, temporary credentials for what runs elsewhere. The finding says
    who uses the key, how that is known, and what should stand there instead.

    ## Bad
    ```hcl
    resource "aws_iam_user" "ci" {
      name = "ci"
    }

    resource "aws_iam_access_key" "ci" { # expect: RF101
      user = aws_iam_user.ci.name
    }

    resource "github_actions_secret" "key" {
      repository      = "app"
      secret_name     = "AWS_SECRET_ACCESS_KEY"
      plaintext_value = aws_iam_access_key.ci.secret
    }
    ```

    ## Good
    ```hcl
    data "aws_iam_policy_document" "trust" {
      statement {
        actions = ["sts:AssumeRoleWithWebIdentity"]
        principals {
          type        = "Federated"
          identifiers = [var.github_provider_arn]
        }
        condition {
          test     = "StringEquals"
          variable = "token.actions.githubusercontent.com:sub"
          values   = ["repo:acme/app:ref:refs/heads/main"]
        }
      }
    }

    variable "github_provider_arn" {
      type = string
    }

    resource "aws_iam_role" "ci" {
      name               = "ci"
      assume_role_policy = data.aws_iam_policy_document.trust.json
    }
    ```

    ## Limits
    Consumers that read an output or a store outside of the scanned tree cannot be seen; the
    finding then says which question to ask. What makes a key only when a deployment changes the
    default of a variable is undetermined until `--var-file` says what is deployed; in a module for
    others to call it is a finding. A key in a module that is not in the tree is known only for the
    modules of the catalogue.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    """

    id = "RF101"
    name = "access_key_last_resort"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """Whatever makes a long-lived key, or would with other values of variables."""
        return [key.block for key in (*keys(project), *dormant(project))]

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Every key that can be used is a finding; the decision says what replaces it."""
        key = key_of(block, project)
        made_here = key.origin in (Origin.RESOURCE, Origin.SERVICE_CREDENTIAL)
        if made_here and is_active(block) is False:
            return  # RF106 speaks about it
        # The callers of a library set what they like: its defaults rule nothing out.
        if key.dormant and not project.is_library(block.root):
            reason = f"no key by default, but a deployment may make one: {key.doubt}. {_ASK}"
            yield Undetermined(self.info, block.root, _written(block), block.location, reason)
            return
        decision = decide(key, project)
        made = "no key by default, but a caller may have one made" if key.dormant else ""
        yield self.finding(
            block,
            f"{made or _MADE_BY[key.origin]}{_existence(key)}",
            confidence=Confidence.MEDIUM if key.dormant else None,
            decision=decision,
        )


def _written(block: Block) -> str:
    """The address of the block as it is written: nobody knows which instances there may be."""
    module = f"{block.call_chain[-1].address}." if block.call_chain else ""
    return module + block.address.removeprefix(module).partition("[")[0]


def _existence(key: Key) -> str:
    return f"; whether it exists depends on: {key.doubt}" if key.doubt else ""
