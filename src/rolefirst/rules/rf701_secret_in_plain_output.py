"""RF701: a secret in a root output that is not sensitive."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.decision.flow import exits
from rolefirst.findings import Related, Severity
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL, same, source_order
from rolefirst.project import Block, Carries, Project
from rolefirst.rules.base import Result, Rule

_PLAIN = frozenset({Carries.SECRET, Carries.SES_PASSWORD, Carries.WHOLE})


class SecretInPlainOutput(Rule):
    """A root output shows the secret of an access key in plain text

    ## Why
    What a root output shows ends on the screen, in the log of the pipeline and in every saved
    plan, where more people read than may use the key. `nonsensitive()` opens the same door on
    purpose.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "ci" {
      user = "ci"
    }

    output "ci_secret" { # expect: RF701
      value = nonsensitive(aws_iam_access_key.ci.secret)
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_access_key" "ci" {
      user = "ci"
    }

    output "ci_secret" {
      value     = aws_iam_access_key.ci.secret
      sensitive = true
    }
    ```

    ## Limits
    One finding per output. The id alone and an `encrypted_secret` are no secret. Outputs of a
    library feed callers that are not in the code and are left out; so are outputs of child
    modules. `sensitive = true` hides the secret from the screen, not from the state (RF703).

    ## References
    - https://developer.hashicorp.com/terraform/language/values/outputs
    - https://developer.hashicorp.com/terraform/language/functions/nonsensitive
    """

    id = "RF701"
    name = "secret_in_plain_output"
    severity = Severity.HIGH
    resources = (ACCESS_KEY, SERVICE_CREDENTIAL)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Follow the secret of the key to the outputs of the root module."""
        if project.is_library(block.root):
            return
        outputs = {
            exit.block.address: exit.block
            for exit in exits(block, project)
            if exit.block.kind == "output"
            and not exit.block.call_chain
            and exit.reference.carries in _PLAIN
        }
        for output in outputs.values():
            if not self._speaks_for(block, output):
                continue
            sensitive = output["sensitive"]
            if sensitive.unknown:
                reason = f"output {output.name}: sensitive: {sensitive.why}"
                yield self.undetermined(block, reason, at=output.location)
            elif str(sensitive.data).casefold() != "true":
                yield self.finding(
                    block,
                    f"output {output.name} shows the secret in plain text: remove it, or say "
                    "sensitive = true and hand the secret over through a secret store",
                    at=output.location,
                    attribute=output.name,
                    related=(Related(block.location, f"the key: {block.address}"),),
                )

    def _speaks_for(self, key: Block, output: Block) -> bool:
        """An output that shows several keys is one finding, on the first of them."""
        shown = [
            reference.target
            for _, reference in output["value"].deep_references()
            if reference.carries in _PLAIN
        ]
        return not shown or same(key, min(shown, key=source_order))
