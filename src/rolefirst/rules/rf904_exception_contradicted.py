"""RF904: the code does something else than its exception says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.iam.patterns import Truth
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.exceptions import about, subjects


class ExceptionContradicted(Rule):
    """The code contradicts what its exception says

    ## Why
    An approval is given for what is written in the exception. When the code gives the key more
    rights, lets it work from elsewhere or keeps it for longer, nobody has approved that.

    ## Bad
    ```hcl
    resource "aws_iam_user" "scales" {
      name = "scales"
    }

    resource "aws_iam_user_policy" "upload" {
      user = aws_iam_user.scales.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = ["s3:PutObject", "s3:GetObject"]
          Resource  = "arn:aws:s3:::records/*"
          Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.16/28"] } }
        }]
      })
    }

    resource "time_rotating" "scales" {
      rotation_days = 60
    }

    resource "terraform_data" "scales" {
      triggers_replace = [time_rotating.scales.id]
    }

    resource "aws_iam_access_key" "scales" {
      user = aws_iam_user.scales.name

      lifecycle {
        replace_triggered_by = [terraform_data.scales]
      }
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
        permissions: ["s3:PutObject"] # expect: RF904
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
    resource "aws_iam_user" "scales" {
      name = "scales"
    }

    resource "aws_iam_user_policy" "upload" {
      user = aws_iam_user.scales.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "s3:PutObject"
          Resource  = "arn:aws:s3:::records/*"
          Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.16/28"] } }
        }]
      })
    }

    resource "time_rotating" "scales" {
      rotation_days = 60
    }

    resource "terraform_data" "scales" {
      triggers_replace = [time_rotating.scales.id]
    }

    resource "aws_iam_access_key" "scales" {
      user = aws_iam_user.scales.name

      lifecycle {
        replace_triggered_by = [terraform_data.scales]
      }
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
    Compared are the actions (not the resources) that the user's policies leave after boundary and
    denies, the sources of the condition that binds, the age at which the key is replaced, and the
    owner and purpose tags of the user where there are any. The code may be narrower than the
    exception. What the code does not tell, such as the rights of a user that is declared
    elsewhere, is undetermined and contradicts nothing. Inactive keys are left out.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html
    """

    id = "RF904"
    name = "exception_contradicted"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """Whatever has an entry, and the entries that have nothing."""
        return subjects(project)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Say each promise that the code breaks, or that nobody can confirm."""
        for item, key in about(block, project):
            entry = item.entry
            for check in key.checks if key is not None else ():
                at = entry.at(check.element)
                if item.doubts(check.element):
                    continue  # RF901 speaks of it
                if check.agrees is Truth.NO:
                    yield self.finding(
                        block,
                        f"exception {entry.name} covers nothing: it says "
                        f'"{check.element}: {check.claim}", but {check.evidence}',
                        at=at,
                        attribute=f"{entry.name} {check.element}",
                        related=check.related,
                    )
                elif check.agrees is Truth.MAYBE:
                    why = f"{check.element} of exception {entry.name}: {check.evidence}"
                    yield self.undetermined(block, why, at=at)
