"""RF705: a provider, backend or remote state that signs with a static key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rolefirst.findings import Related, Severity
from rolefirst.project import Block, Project, Value
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.static_credentials import ARGUMENTS, Kind, Part, parts

_PROVIDERS = frozenset({"aws", "awscc"})
_REMOTE_STATE = "terraform_remote_state"
#: An argument that is a variable and nothing else, also as Terraform 0.11 had it written.
_VARIABLE = re.compile(r'(?:"\$\{\s*)?(var\.[\w-]+)(?:\s*\}")?')


class ProviderStaticCredentials(Rule):
    """Terraform signs in with a long-lived access key

    ## Why
    Whoever runs Terraform may change nearly everything. With the key in the configuration of a
    provider or backend that right is tied to a text that never expires, that each run has to be
    handed, and that ends in variables, saved plans and logs. Terraform takes a role as well, from
    a pipeline's OIDC token, from Identity Center or from the machine it runs on.

    ## Bad
    ```hcl
    variable "access_key" {
      type = string
    }

    variable "secret_key" {
      type      = string
      sensitive = true
    }

    provider "aws" {
      access_key = var.access_key # expect: RF705
      secret_key = var.secret_key
    }
    ```

    ## Good
    ```hcl
    provider "aws" {
      region = "eu-central-1"

      assume_role {
        role_arn = "arn:aws:iam::111122223333:role/deploy"
      }
    }
    ```

    ## Limits
    The providers `aws` and `awscc`, the backend `s3` and a remote state of type `s3` are looked
    at. A word that cannot be a key, as `test` for LocalStack, is none, nor is what goes to an
    endpoint outside of AWS. An example key of the AWS documentation counts: it keeps the place of a
    real one. With a `token` the credentials are temporary. Where a variable is
    empty by default it is undetermined until a variable file sets it. Keys in the environment or
    in a profile are in no code.

    ## References
    - https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration
    - https://developer.hashicorp.com/terraform/language/backend/s3
    """

    id = "RF705"
    name = "provider_static_credentials"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """The blocks with an argument that is called like a key and that can sign."""
        return (block for block in project.suspects() if _place(block))

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """One finding per provider, backend or remote state."""
        address = "terraform.backend" if block.kind == "terraform" else block.address
        for result in self._judge(block, project):
            yield replace(result, address=address)

    def _judge(self, block: Block, project: Project) -> Iterator[Result]:
        place = _place(block)
        arguments = _arguments(block, place)
        found = parts(arguments, project)
        where = block.at(found[0].argument if found and block.kind == "provider" else place)
        if arguments.unknown:
            yield self.undetermined(block, f"{place}: {arguments.why}", at=where)
        elif static := [part for part in found if part.kind is Kind.STATIC]:
            yield self.finding(
                block,
                f"Terraform signs in with a long-lived key ({_said(static)}): let it assume a role "
                "instead, and delete the key",
                at=where,
                related=tuple(_keys(static)),
            )
        elif found:
            yield self.undetermined(block, f"{found[0].argument}: {found[0].origin}", at=where)
        elif empty := _empty_variable(block, arguments):
            reason = f"no static key by default, but a deployment may set {empty}"
            yield self.undetermined(block, f"{reason}. Name its --var-file", at=where)


def _place(block: Block) -> str:
    """The argument or nested block that holds the credentials; empty when there is none."""
    if block.kind == "provider" and block.type in _PROVIDERS:
        return "access_key"
    if block.kind == "terraform" and not block.call_chain:  # in a called module it is not read
        return "" if block.get("backend", 0, "s3").absent else "backend"
    if block.type == _REMOTE_STATE and block["backend"].text == "s3":
        return "config"
    return ""


def _arguments(block: Block, place: str) -> Value:
    if block.kind == "provider":
        return block.body()
    return block.get("backend", 0, "s3") if place == "backend" else block["config"]


def _said(static: list[Part]) -> str:
    return ", ".join(f"{part.argument} {part.origin}" for part in static)


def _keys(static: list[Part]) -> Iterator[Related]:
    keys = {part.key.address: part.key for part in static if part.key is not None}
    for key in keys.values():
        yield Related(key.location, f"the key: {key.address}")


def _empty_variable(block: Block, arguments: Value) -> str:
    """The variable that could hold a key and is empty by default."""
    if not arguments.get("token").absent:
        return ""
    for name in ARGUMENTS:
        written = _VARIABLE.fullmatch(block.expression(name).strip())
        if written and arguments.get(name).data in (None, ""):
            return written[1]
    return ""
