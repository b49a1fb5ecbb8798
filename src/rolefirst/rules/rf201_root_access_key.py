"""RF201: access keys of the root user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.decision.commands import key_commands, root_evidence, signs_in
from rolefirst.findings import Confidence, Severity
from rolefirst.iam.users import ACCESS_KEY, USER
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule

_ROOT_NAMES = frozenset({"root", "<root_account>"})
_NAMED_ROOT = (
    "is for an IAM user named root, which is not the root user of the account and cannot be: the "
    "name misleads whoever reads a log, and if the root user was meant, no key may exist for it"
)


class RootAccessKey(Rule):
    """An access key or a sign-in session is made for root

    ## Why
    Nothing limits the root user: no IAM policy binds it, and its key closes accounts and changes
    payments. AWS asks to have no root key at all. `aws iam create-access-key` without
    `--user-name` makes a key for its caller, so run as root it makes a root key.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "root" { # expect: RF201
      user = "root"
    }

    resource "null_resource" "bootstrap" { # expect: RF201
      provisioner "local-exec" {
        command = "aws iam create-access-key --profile root > key.json"
      }
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_organizations_features" "root" {
      enabled_features = ["RootCredentialsManagement", "RootSessions"]
    }
    ```

    ## Limits
    An IAM user *named* root is not the root user and is reported for what it is. Who runs a
    command is read from profile and variable names only; with no such hint a command that names
    no user is undetermined. `aws login` counts only with such a hint. Keys that root made
    elsewhere show in the account, not in code. The principal `arn:aws:iam::111122223333:root` in
    a policy means the whole account and is not reported.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html
    - https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
    """

    id = "RF201"
    name = "root_access_key"
    severity = Severity.CRITICAL

    def subjects(self, project: Project) -> Iterable[Block]:
        """The access keys, and the blocks that hold a command which makes one."""
        yield from project.resources(ACCESS_KEY)
        for block in project.suspects():
            if block.type != ACCESS_KEY:
                yield block

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """A key by its user, a script by its commands."""
        if block.type == ACCESS_KEY:
            yield from self._key(block)
        else:
            yield from self._script(block)

    def _key(self, key: Block) -> Iterator[Result]:
        user = key["user"]
        if user.text is not None and user.text.strip().casefold() in _ROOT_NAMES:
            message = f"the key {_NAMED_ROOT}"
            yield self.finding(key, message, confidence=Confidence.MEDIUM)
        elif user.unknown and not any(
            reference.target.type == USER for _, reference in user.deep_references()
        ):
            yield self.undetermined(key, f"whose key this is depends on user: {user.why}")

    def _script(self, block: Block) -> Iterator[Result]:
        evidence = root_evidence(block)
        for command in key_commands(block):
            if command.user is not None:
                if command.user.casefold() in _ROOT_NAMES:
                    message = f"{command.tool} {_NAMED_ROOT}"
                    yield self.finding(block, message, confidence=Confidence.MEDIUM)
                    return
            elif evidence:
                yield self.finding(
                    block,
                    f"{command.tool} names no user, so the key is for its caller, and {evidence!r} "
                    "says the caller is root: make no key for root",
                )
                return
            else:
                hidden = "the user is in its input" if command.opaque else "it names no user"
                yield self.undetermined(
                    block,
                    f"{command.tool} makes a key for its caller unless told otherwise; {hidden}, "
                    "and the code does not say who runs it",
                )
                return
        if evidence and signs_in(block):
            message = (
                f"aws login is run as root ({evidence!r}): sign in as a user of Identity Center"
            )
            yield self.finding(block, message)
