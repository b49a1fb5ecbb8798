"""RF704: key material written into the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Confidence, Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.key_material import Material, material_in

#: ``import`` blocks need the id of what they take over; that id signs nothing.
_BOOKKEEPING = frozenset({"import", "moved", "removed"})


class HardcodedKey(Rule):
    """Access key material is written into the code

    ## Why
    A key in the code is in every clone, in the history for ever, and in each build log that
    prints the file. Scanners on both sides of the law find it within minutes of a push.

    ## Bad
    ```hcl
    provider "example" {
      region     = "eu-central-1"
      access_key = "AKIAQ4RT7WX2KJ5ZB3LM" # expect: RF704
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
    Variable files (`*.tfvars`) are searched as well, whether or not Terraform loads them by itself.
    An id is `AKIA` and sixteen base 32 characters; alone it signs nothing, but points at a key that
    exists, and is of medium severity. A secret is forty mixed characters that look random where
    the name beside them says secret or access key, or an id stands before them. Numbers and
    hexadecimal digests are none. The example keys of the AWS documentation (`AKIA…EXAMPLE`,
    `…EXAMPLEKEY`) belong to nobody: they are of low severity, for standing where somebody will put
    a real key, and in a `description` or `validation` they are not reported. Deleting the line is
    not enough: a real key must be deleted in AWS.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """

    id = "RF704"
    name = "hardcoded_key"
    severity = Severity.CRITICAL

    def subjects(self, project: Project) -> Iterable[Block]:
        """Blocks whose text holds something of the right shape."""
        return (block for block in project.suspects() if block.kind not in _BOOKKEEPING)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """One finding per block, at the first argument that holds key material."""
        found = list(material_in(block, project))
        real = [material for material in found if material.key_id or material.secret]
        if not found:
            return
        first = (real or found)[0].argument
        # Several variable files may set one variable, each to a key of its own.
        file = block.location.path if block.kind == "variable" and first == "value" else ""
        place = "a variable file" if file else f"argument {first}"
        severity, confidence, message = _verdict(real, place)
        yield self.finding(
            block,
            message,
            at=block.at(first),
            attribute=f"{file} {first}".strip(),
            severity=severity,
            confidence=confidence,
        )


def _verdict(real: list[Material], place: str) -> tuple[Severity, Confidence, str]:
    """What it means that this key material, or else an example of it, is written into a place."""
    if not real:
        message = (
            f"an example key of AWS's documentation is written into {place}: it opens nothing, but "
            "stands where a real key will be put; let a role sign in instead"
        )
        return Severity.LOW, Confidence.HIGH, message
    key_id = "an access key id (AKIA…)" if any(item.key_id for item in real) else ""
    if not any(item.secret for item in real):
        message = (
            f"{key_id} is written into {place}: whoever has its secret holds a long-lived key; "
            "find out who, and give them a role"
        )
        return Severity.MEDIUM, Confidence.MEDIUM, message
    both = f"{key_id} and a secret access key are" if key_id else "a secret access key is"
    message = (
        f"{both} written into {place}: delete the key in AWS, then take it out of the code and "
        "its history"
    )
    return HardcodedKey.severity, Confidence.HIGH, message
