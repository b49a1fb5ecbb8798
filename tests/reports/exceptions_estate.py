"""Keys and exceptions of every kind on one day, with names that mean harm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rolefirst import rules
from rolefirst.exceptions.compare import compare
from rolefirst.exceptions.entries import Register, judge_by
from rolefirst.exceptions.reading import read
from rolefirst.exceptions.review import Review, Since, with_since
from rolefirst.facts import with_remediation
from rolefirst.findings import Location, ScanError
from rolefirst.loaders import hcl
from rolefirst.rules.exception_review import review
from rolefirst.scan import Settings, scan

TODAY = date(2030, 1, 15)
PATH = "access-key-exceptions.yaml"
SECRETS = ("IOSFODNN7EXAMPLE", "wJalrXUtnFEMI")
_KEY = """
resource "aws_iam_user" "{name}" {{
  name = "{name}"
  tags = {{ Owner = "team-warehouse", Purpose = "records" }}
}}

resource "aws_iam_user_policy" "{name}" {{
  user = aws_iam_user.{name}.name
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::records/*" }},
      {{
        Effect   = "Deny"
        Action   = "*"
        Resource = "*"
        Condition = {{
          NotIpAddressIfExists = {{ "aws:SourceIp" = ["203.0.113.16/28"] }}
          BoolIfExists         = {{ "aws:ViaAWSService" = "false" }}
        }}
      }},
    ]
  }})
}}

resource "time_rotating" "{name}" {{
  rotation_days = 60
}}

resource "terraform_data" "{name}" {{
  triggers_replace = [time_rotating.{name}.id]
}}

resource "aws_iam_access_key" "{name}" {{
  user = aws_iam_user.{name}.name

  lifecycle {{
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.{name}]
  }}
}}

resource "github_actions_secret" "{name}" {{
  repository      = "{name}"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.{name}.secret
}}
"""
_BARE = """
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}

resource "gitlab_project_variable" "ci" {
  project = "ci"
  key     = "AWS_SECRET_ACCESS_KEY"
  value   = aws_iam_access_key.ci.secret
}

resource "aws_iam_access_key" "many" {
  for_each = toset(["<script>document.title='owned'</script>", "<img src=x onerror=alert(1)>"])
  user     = each.key
}
"""
_ENTRY = """
  - id: {id}
    key: {key}
    alternatives_considered:
      iam_role: The scales stand in the warehouse, not on AWS
      identity_center: No person signs in and the firmware has no browser
      temporary_credentials: The firmware takes an access key only
    purpose: {purpose}
    permissions: ["s3:PutObject"]
    source: ["{source}"]
    rotation: {{days: 60, how: A scheduled apply}}
    audit: {audit}
    owner: team-warehouse
    deactivation: {off}
    approved_by: {by}
    approved_on: 2029-06-01
    expires: {expires}
"""
_PLAIN = {
    "purpose": "The scales upload weighing records",
    "source": "203.0.113.16/28",
    "audit": "Monthly review of the trail",
    "off": "Set status to Inactive and apply",
    "by": "security-architecture",
    "expires": "2030-05-31",
}


def _entry(id: str, key: str, **changes: str) -> str:
    return _ENTRY.format(id=id, key=f"aws_iam_access_key.{key}", **{**_PLAIN, **changes})


HOSTILE = {
    "purpose": "\"records <script>document.title='owned'</script> AKIAIOSFODNN7EXAMPLE\"",
    "audit": '"[see](javascript:alert(1)) | @everyone ' + "<b>long</b> " * 80 + '"',
    "off": '"\\" onfocus=\\"alert(1) {{ 7*7 }} wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
    "by": "'<img src=x onerror=alert(1)>'",
}
REGISTER = "exceptions:" + "".join(
    (
        _entry("EXC-1", "scales"),
        _entry("EXC-2", "camera", source="198.51.100.0/24"),
        _entry("EXC-3", "press", expires="2030-01-31"),
        _entry("EXC-4", "old", expires="2029-12-31"),
        _entry("EXC-5", "gone"),
        _entry("EXC-6", "scanner", audit="n/a"),
        _entry("EXC-7", "printer", expires="2030-02-28", **HOSTILE),
    )
)
BEFORE = "exceptions:" + "".join(
    (
        _entry("EXC-0", "press", by="somebody"),
        _entry("EXC-1", "scales", expires="2030-01-31", by="warehouse-lead"),
        *(_entry(f"EXC-{n}", name) for n, name in ((4, "old"), (5, "gone"), (6, "scanner"))),
        _entry("EXC-7", "printer", expires="2030-02-28"),
    )
)
_KEYS = ("scales", "camera", "press", "old", "scanner", "printer")


def made(folder: Path, register: str = REGISTER) -> Review:
    """The estate as the page shows it."""
    keys = "".join(_KEY.format(name=name) for name in _KEYS)
    (folder / "main.tf").write_text(keys + _BARE, encoding="utf-8")
    project = hcl.load(folder)
    after = (read(register.encode(), PATH),)
    judge_by(project, after, TODAY)
    notice = ScanError("<i>.tf", 3, "not parsed")
    settings = Settings(today=TODAY, notices=(notice,))
    result = with_remediation(scan(project, rules.load(), settings), project)
    place = Location("main.tf", 9)
    since = Since(
        "<b>v1</b>",
        "0123456789abcdef0123456789abcdef01234567",
        compare((read(BEFORE.encode(), PATH),), after),
        ((".", "aws_iam_access_key.camera", place), ("eu", "aws_iam_access_key.x", place)),
        ((".", "aws_iam_access_key.gone"),),
    )
    return with_since(review(project, result, TODAY), since, ())


def nothing() -> Review:
    """A folder without a key and with an empty register."""
    return Review(TODAY, registers=(Register(PATH),))
