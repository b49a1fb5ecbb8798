"""RF903: an exception that has no key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.exceptions.entries import Entry
from rolefirst.exceptions.matching import instance_unknown, lookalikes
from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.exceptions import about, subjects


class ExceptionOrphaned(Rule):
    """An exception matches no key

    ## Why
    The key was deleted or moved, and its permission was left behind. Whoever declares a key of
    that address later has an exception that nobody has approved for it.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "scale" {
      user = "scales"
    }
    ```

    ```yaml
    # access-key-exceptions.yaml
    exceptions:
      - id: EXC-2026-004
        key: aws_iam_access_key.scales # expect: RF903
        alternatives_considered:
          iam_role: The scales stand in the warehouse, not on AWS
          identity_center: No person signs in and the firmware has no browser
          temporary_credentials: The firmware takes an access key only
        purpose: The scales upload weighing records
        permissions: ["s3:PutObject"]
        source: ["203.0.113.16/28"]
        rotation: {days: 60, how: A scheduled apply}
        audit: Monthly review of the trail by the platform team
        owner: team-warehouse
        deactivation: Set status to Inactive and apply
        approved_by: security-architecture
        approved_on: 2026-03-02
        expires: 2026-12-31
    ```

    ## Good
    ```hcl
    resource "aws_iam_access_key" "scales" {
      user = "scales"
    }
    ```

    ```yaml
    # access-key-exceptions.yaml
    exceptions:
      - id: EXC-2026-004
        key: aws_iam_access_key.scales
        alternatives_considered:
          iam_role: The scales stand in the warehouse, not on AWS
          identity_center: No person signs in and the firmware has no browser
          temporary_credentials: The firmware takes an access key only
        purpose: The scales upload weighing records
        permissions: ["s3:PutObject"]
        source: ["203.0.113.16/28"]
        rotation: {days: 60, how: A scheduled apply}
        audit: Monthly review of the trail by the platform team
        owner: team-warehouse
        deactivation: Set status to Inactive and apply
        approved_by: security-architecture
        approved_on: 2026-03-02
        expires: 2026-12-31
    ```

    ## Limits
    A key goes by its address in its root module, which is the register's folder unless `root`
    names one below it; what a module or a command makes goes by the address of the call or of the
    resource that runs it. `[*]` stands for every instance. An instance of a block whose instances
    are not in the code is undetermined. An entry that a change takes out of the register, while
    `--exceptions-ref` still has it, is left out.

    ## References
    - https://developer.hashicorp.com/terraform/cli/state/resource-addressing
    """

    id = "RF903"
    name = "exception_orphaned"
    severity = Severity.LOW

    def subjects(self, project: Project) -> Iterable[Block]:
        """Whatever has an entry, and the entries that have nothing."""
        return subjects(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Every entry that names a key and finds none."""
        for item, key in about(block, project):
            entry = item.entry
            if key is not None or not entry.key or item.withdrawn:
                continue
            doubt = instance_unknown(entry, project)
            if doubt:
                why = f"whether there is a key {entry.key} depends on: {doubt}"
                yield self.undetermined(block, why, at=entry.at("key"))
                continue
            yield self.finding(
                block,
                f"exception {entry.name} is for {entry.key}, and root module {entry.root} makes "
                f"no such key: {_advice(entry, project)}",
                at=entry.at("key"),
                attribute=entry.name,
            )


def _advice(entry: Entry, project: Project) -> str:
    for key in lookalikes(entry, project):
        if key.block.address == entry.key:
            return f"the root module {key.block.root} does, so set root to that folder"
        if key.block.root == entry.root:
            return f"mend its key if you mean {key.block.address}"
    return "take the entry out, or mend its key"
