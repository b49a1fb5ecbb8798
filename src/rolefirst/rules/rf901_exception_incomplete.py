"""RF901: an exception lacks something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Related, Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.exceptions import about, subjects


class ExceptionIncomplete(Rule):
    """An exception lacks an element

    ## Why
    A key that stays is bounded by five elements: purpose, permissions, source, rotation and audit.
    Somebody owns it, somebody else has approved it, it has an end, and the way to switch it off
    is known before the incident. An exception without one of them is a key that was left over.

    ## Bad
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
          identity_center: n/a # expect: RF901
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
    Words such as "todo" and "n/a" are no value, and one word is no reason; whether a reason is a
    good one is for the reviewer. An approval in the future, an approver who is the owner, and an
    id or key that two entries share make an entry incomplete as well. `rotation.days` may not
    exceed `[rotation] max-days`. What has the wrong type is an error of the scan: such an entry
    covers nothing, the others are still judged.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    """

    id = "RF901"
    name = "exception_incomplete"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """Whatever has an entry, and the entries that have nothing."""
        return subjects(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Name everything that is missing at once."""
        for item, _ in about(block, project):
            points = item.incomplete
            if points:
                yield self.finding(
                    block,
                    f"exception {item.entry.name} covers nothing: "
                    + "; ".join(point.text for point in points),
                    at=points[0].place,
                    attribute=item.entry.name,
                    related=tuple(Related(point.place, point.element) for point in points[1:]),
                )
