"""RF302: rotation that leaves a key in use for longer than the limit."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst import limits
from rolefirst.findings import Related, Severity
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.rotation import Rotation, Verdict, has_to_rotate, open_points, rotations
from rolefirst.rules.rotation_ci import apply_interval


class RotationTooSlow(Rule):
    """The key rotates less often than every 90 days

    ## Why
    The period bounds how long a leaked key works. `time_rotating` only turns when Terraform runs:
    a key that is due the day after an apply stays until the next one, so the time between two
    applies comes on top of the period.

    ## Bad
    ```hcl
    resource "time_rotating" "backup" {
      rotation_days = 180
    }

    resource "terraform_data" "backup" {
      triggers_replace = [time_rotating.backup.id]
    }

    resource "aws_iam_access_key" "backup" { # expect: RF302
      user = "backup"

      lifecycle {
        create_before_destroy = true
        replace_triggered_by  = [terraform_data.backup]
      }
    }
    ```

    ## Good
    ```hcl
    resource "time_rotating" "backup" {
      rotation_days = 60
    }

    resource "terraform_data" "backup" {
      triggers_replace = [time_rotating.backup.id]
    }

    resource "aws_iam_access_key" "backup" {
      user = "backup"

      lifecycle {
        create_before_destroy = true
        replace_triggered_by  = [terraform_data.backup]
      }
    }
    ```

    ## Limits
    The limit is 90 days unless `[rotation] max-days` says otherwise; exactly the limit passes.
    Months count with as many days as they can have: three are 92. Of several arguments of a
    `time_rotating` the one counts that the provider takes. The time between two applies is known
    where a CI file with a `cron` schedule applies this root module; where it is not known it is
    mentioned and not counted. With several clocks the fastest counts.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
    - https://docs.aws.amazon.com/config/latest/developerguide/access-keys-rotated.html
    - https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/rotating
    """

    id = "RF302"
    name = "rotation_too_slow"
    severity = Severity.MEDIUM
    resources = (ACCESS_KEY, SERVICE_CREDENTIAL)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Compare the fastest rotation with the limit."""
        if not has_to_rotate(block, project):
            return
        found = [item for item in rotations(block, project) if item.verdict is Verdict.ROTATES]
        if not found:
            return
        limit = limits.of(project).rotation_days
        interval = apply_interval(block.root, project)
        ages = {item: _age(item, interval) for item in found}
        known = {item: age for item, age in ages.items() if age is not None}
        if any(age <= limit for age in known.values()):
            return
        unknown = next((item for item in found if item not in known), None)
        if unknown is not None:
            why = unknown.period.why if unknown.period else ""
            yield self.undetermined(block, f"how often the key rotates: {why}")
            return
        slow = min(known, key=lambda item: known[item])
        message = _message(slow, known[slow], limit, interval)
        open_point = open_points(block, project)
        if open_point:
            yield self.undetermined(block, f"{message}; {open_point}")
            return
        related = tuple(item for item in (slow.source, _schedule(slow, interval)) if item)
        yield self.finding(block, message, related=related)


def _age(rotation: Rotation, interval: tuple[float, Related] | None) -> float | None:
    """How old the key gets, as far as the code says."""
    period = rotation.period
    if period is None or period.days is None:
        return None
    return period.days + (interval[0] if interval and period.applied else 0)


def _schedule(rotation: Rotation, interval: tuple[float, Related] | None) -> Related | None:
    """Where the time between two applies is said, if it counts."""
    if interval is None or rotation.period is None or not rotation.period.applied:
        return None
    return interval[1]


def _message(
    rotation: Rotation, age: float, limit: int, interval: tuple[float, Related] | None
) -> str:
    source = rotation.source.label if rotation.source else "its trigger"
    schedule = _schedule(rotation, interval)
    if schedule is not None and interval is not None:
        turns = f"{source} turns every {_days(age - interval[0])}"
        applied = f"{schedule.label} applies it every {_days(interval[0])}"
        return f"{turns} and {applied}: a key gets {_days(age)} old, the limit is {_days(limit)}"
    said = f"{source} replaces the key every {_days(age)}, the limit is {_days(limit)}"
    if rotation.period is not None and rotation.period.applied:
        said += "; how often the code is applied is not known, that time comes on top"
    return said


def _days(number: float) -> str:
    """A number of days as people write it."""
    rounded = round(number, 2)
    return "1 day" if rounded == 1 else f"{rounded:g} days"
