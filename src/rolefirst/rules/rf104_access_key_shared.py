"""RF104: one key for several consumers."""

from collections.abc import Iterator

from rolefirst.decision.consumers import Use, uses
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Key, Origin
from rolefirst.decision.order import decide
from rolefirst.findings import Related, Severity
from rolefirst.iam.grants import ROLE
from rolefirst.iam.users import is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule

#: A place that only passes the secret on is no consumer of its own.
_PASSES_ON = ("unknown", "secret-store-only")


class AccessKeyShared(Rule):
    """One access key serves several consumers

    ## Why
    A shared key cannot be rotated or revoked for one consumer without breaking the others, its
    rights are the union of what all of them need, and CloudTrail cannot tell them apart. Each
    consumer has its own role.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "app" { # expect: RF104
      user = "app"
    }

    resource "aws_lambda_function" "import" {
      function_name = "import"
      role          = "arn:aws:iam::111122223333:role/import"
      environment {
        variables = { SECRET = aws_iam_access_key.app.secret }
      }
    }

    resource "github_actions_secret" "app" {
      repository      = "app"
      secret_name     = "AWS_SECRET_ACCESS_KEY"
      plaintext_value = aws_iam_access_key.app.secret
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_access_key" "app" {
      user = "app"
    }

    resource "aws_lambda_function" "import" {
      function_name = "import"
      role          = "arn:aws:iam::111122223333:role/import"
      environment {
        variables = { SECRET = aws_iam_access_key.app.secret }
      }
    }
    ```

    ## Limits
    Consumers behind an output or a store that the code does not follow are not counted. Several
    instances of one block are one consumer.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    """

    id = "RF104"
    name = "access_key_shared"
    severity = Severity.HIGH
    resources = ("aws_iam_access_key",)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Consumers of different categories, or different resources of one."""
        if is_active(block) is False:
            return
        consumers = _consumers(uses(exits(block, project), project))
        if len(consumers) < 2:
            return
        names = ", ".join(sorted(use.consumer.address for use in consumers)[:5])
        related = tuple(Related(use.consumer.location, "takes the key") for use in consumers)
        message = f"{len(consumers)} consumers use this one key: {names}"
        decision = decide(Key(block, Origin.RESOURCE), project)
        yield self.finding(block, message, related=related, decision=decision)


def _consumers(found: tuple[Use, ...]) -> list[Use]:
    """One use per consuming block; instances of one definition count once."""
    chosen: dict[tuple[str, int], Use] = {}
    for use in found:
        if use.consumer.category not in _PASSES_ON:
            chosen.setdefault((_system(use), _place(use)), use)
    return list(chosen.values())


def _is_ci(use: Use) -> bool:
    return use.consumer.category == "ci"


def _system(use: Use) -> str:
    """Secrets of one CI system are one consumer: a pipeline takes several."""
    if _is_ci(use):
        return use.consumer.type.partition("_")[0]
    return use.block.location.path


def _place(use: Use) -> int:
    """A role that may read a secret need not do so: several of one file are one consumer."""
    return 0 if _is_ci(use) or use.block.type == ROLE else use.block.location.line
