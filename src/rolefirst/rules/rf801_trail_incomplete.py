"""RF801: the trail managed here does not record everything that is done with a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Severity
from rolefirst.project import Block, Project, Value
from rolefirst.rules.base import Result, Rule
from rolefirst.rules.managed import deployed, on_condition

TRAIL = "aws_cloudtrail"
#: What a trail must have: the argument, its default, and what is missing without it.
_NEEDED = (
    ("enable_logging", True, "it does not log"),
    ("is_multi_region_trail", False, "it records one region"),
    ("enable_log_file_validation", False, "its log files can be changed unseen"),
    ("include_global_service_events", True, "it leaves out global services such as IAM"),
)
#: Terraform takes a boolean as text, too.
_TRUE = (True, "true")


class TrailIncomplete(Rule):
    """The CloudTrail trail is incomplete

    ## Why
    A stolen key is used wherever nobody looks. A trail that records one region, leaves out IAM or
    does not log shows no trace of it, and without validation nobody can prove that the trace was
    not removed.

    ## Bad
    ```hcl
    resource "aws_cloudtrail" "main" { # expect: RF801
      name           = "main"
      s3_bucket_name = "acme-trail"
    }
    ```

    ## Good
    ```hcl
    resource "aws_cloudtrail" "main" {
      name                       = "main"
      s3_bucket_name             = "acme-trail"
      is_multi_region_trail      = true
      enable_log_file_validation = true
    }
    ```

    ## Limits
    One complete trail is enough for a root module, and one of the organization for all of them.
    Trails that record no management events are left out: they are there for the data of something
    and cannot stand for the trail of the account. Whether the bucket keeps the files is not judged.

    ## References
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
    - https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
    """

    id = "RF801"
    name = "trail_incomplete"
    severity = Severity.MEDIUM
    resources = (TRAIL,)

    def subjects(self, project: Project) -> Iterable[Block]:
        """Every trail that is applied from here and records management events."""
        trails = deployed(project.resources(TRAIL), project)
        return [trail for trail in trails if _records_management(trail)]

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look at the four arguments, unless another trail has them all."""
        lacking, unknown = _shortcomings(block)
        if not lacking and not unknown:
            return
        for other in self.subjects(project):
            covers = other.root == block.root or other["is_organization_trail"].data in _TRUE
            if covers and not other.doubt and not any(_shortcomings(other)):
                return
        if lacking:
            yield self.finding(
                block, f"the trail is incomplete: {'; '.join(lacking)}{on_condition(block)}"
            )
        else:
            yield self.undetermined(block, f"whether the trail is complete: {unknown[0]}")


def _shortcomings(trail: Block) -> tuple[list[str], list[str]]:
    """What a trail lacks, and which arguments are unknown."""
    lacking: list[str] = []
    unknown: list[str] = []
    for name, default, without in _NEEDED:
        value = trail[name]
        if value.unknown:
            unknown.append(f"{name}: {value.why}")
        elif not _is_true(value, default):
            lacking.append(f"{without} ({name})")
    return lacking, unknown


def _is_true(value: Value, default: bool) -> bool:
    return default if value.absent else value.data in _TRUE


def _records_management(trail: Block) -> bool:
    """False for a trail that is known to record only data events."""
    basic = trail["event_selector"].members()
    if basic:
        return any(_may_be(item.get("include_management_events")) for item in basic)
    advanced = trail["advanced_event_selector"]
    categories = [
        value
        for selector in advanced.members()
        for field in selector.get("field_selector").members()
        if field.get("field").text == "eventCategory"
        for value in field.get("equals").members()
    ]
    return not categories or any(item.text in ("Management", None) for item in categories)


def _may_be(value: Value) -> bool:
    return value.unknown or _is_true(value, default=True)


def lacking_arguments(trail: Block) -> list[str]:
    """The arguments that keep a trail from being complete, as far as they are known."""
    return [
        name
        for name, default, _ in _NEEDED
        if not trail[name].unknown and not _is_true(trail[name], default)
    ]
