"""RF902: an exception is over, or lasts too long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.exceptions import about, subjects


class ExceptionExpired(Rule):
    """An exception has expired, or lasts longer than policy allows

    ## Why
    The reason for a key goes away without anybody noticing: the vendor learns OIDC, the device is
    replaced. An end date is the day on which somebody looks again; one that is years away is none.

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
        expires: 2029-12-31 # expect: RF902
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
    `expires` is the last day on which the exception holds. From `approved_on` to `expires` it may
    last 366 days, or what `[exceptions] max-days` says. An entry without one of the two dates is
    RF901. The same code can pass today and fail tomorrow: that is the point of a date.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    """

    id = "RF902"
    name = "exception_expired"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """Whatever has an entry, and the entries that have nothing."""
        return subjects(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Compare the dates with today and with the limit."""
        for item, _ in about(block, project):
            if item.overdue:
                said = "; ".join(point.text for point in item.overdue)
                yield self.finding(
                    block,
                    f"exception {item.entry.name} covers nothing: {said}: take the key away, or "
                    "have the exception approved again",
                    at=item.overdue[0].place,
                    attribute=item.entry.name,
                )
