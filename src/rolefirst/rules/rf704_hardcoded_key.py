"""RF704: key material written into the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Confidence, Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.key_material import material_in

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
    the name beside them says secret or access key, or an id stands before them. The samples of the
    AWS documentation, which end in EXAMPLE, and hexadecimal digests are not reported. Deleting the
    line is not enough: the key must be deleted in AWS.

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
        if not found:
            return
        key_id = any(material.key_id for material in found)
        secret = any(material.secret for material in found)
        parts = [
            *(["an access key id (AKIA…)"] if key_id else []),
            *(["a secret access key"] if secret else []),
        ]
        verb = "are" if len(parts) > 1 else "is"
        first = found[0].argument
        # Several variable files may set one variable, each to a key of its own.
        file = block.location.path if block.kind == "variable" and first == "value" else ""
        place = "a variable file" if file else f"argument {first}"
        way = (
            "delete the key in AWS, then take it out of the code and its history"
            if secret
            else "whoever has its secret holds a long-lived key; find out who, and give them a role"
        )
        yield self.finding(
            block,
            f"{' and '.join(parts)} {verb} written into {place}: {way}",
            at=block.at(first),
            attribute=f"{file} {first}".strip(),
            severity=self.severity if secret else Severity.MEDIUM,
            confidence=Confidence.HIGH if secret else Confidence.MEDIUM,
        )
