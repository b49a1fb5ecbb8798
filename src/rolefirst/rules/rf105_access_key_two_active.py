"""RF105: an IAM user with more than one active access key."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Related, Severity
from rolefirst.iam.users import ACCESS_KEY, is_active, keys_beside, same
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rotation import Verdict, rotation_of

#: AWS allows two keys per user; two that both rotate hand over to each other.
_OVERLAP = 2


class TwoActiveAccessKeys(Rule):
    """An IAM user has more than one active access key

    ## Why
    The second key exists so that one can replace the other. Two keys that simply stay double what
    can leak, hide which of them is in use, and leave no slot free for a rotation, because AWS
    allows two keys per user. A second purpose deserves its own user, or better its own role.

    ## Bad
    ```hcl
    resource "aws_iam_user" "ci" {
      name = "ci"
    }

    resource "aws_iam_access_key" "build" {
      user = aws_iam_user.ci.name
    }

    resource "aws_iam_access_key" "deploy" { # expect: RF105
      user = aws_iam_user.ci.name
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_user" "ci" {
      name = "ci"
    }

    resource "aws_iam_access_key" "current" {
      user = aws_iam_user.ci.name
    }

    resource "aws_iam_access_key" "previous" {
      user   = aws_iam_user.ci.name
      status = "Inactive"
    }
    ```

    ## Limits
    The first key in source order carries no finding. Two active keys that both rotate are an
    overlap and are accepted. Keys made outside this code are not seen. Users that are not declared
    here are compared by name and provider configuration.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """

    id = "RF105"
    name = "access_key_two_active"
    severity = Severity.MEDIUM
    resources = (ACCESS_KEY,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Judge a key against the keys of the same user that stand before it."""
        if is_active(block) is False:
            return
        keys = [key for key in keys_beside(block, project) if is_active(key) is not False]
        if len(keys) < _OVERLAP or same(keys[0], block):
            return
        doubts = {key.address: _doubt(key, block) for key in keys}
        certain = [key for key in keys if not doubts[key.address]]
        if doubts[block.address] or same(certain[0], block):
            reason = "; ".join(f"{address}: {why}" for address, why in doubts.items() if why)
            yield self.undetermined(block, f"whether two keys are active is open: {reason}")
            return
        rotations = [rotation_of(key, project) for key in certain]
        verdicts = {rotation.verdict for rotation in rotations}
        if len(certain) == _OVERLAP and verdicts == {Verdict.ROTATES}:
            return
        if len(certain) == _OVERLAP and verdicts == {Verdict.ROTATES, Verdict.UNKNOWN}:
            reason = next(item.reason for item in rotations if item.reason)
            yield self.undetermined(block, f"whether the two keys rotate is open: {reason}")
            return
        first = certain[0]
        yield self.finding(
            block,
            f"{first.address} is an active key of the same user and the two do not take turns: "
            "deactivate and delete the one that is not used",
            related=(Related(first.location, f"the first active key: {first.address}"),),
        )


def _doubt(key: Block, subject: Block) -> str:
    """Why a key may not be active. That the subject itself may not exist is said elsewhere."""
    if is_active(key) is None:
        return f"status: {key['status'].why}"
    return "" if same(key, subject) else key.doubt
