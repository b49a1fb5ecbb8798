"""A key with everything an exception needs, its entry, and what commands say about both."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

REGISTER = "access-key-exceptions.yaml"
TODAY = date.today()
#: A key that its entry describes: rights, source, rotation and owner are in the code.
KEY = """\
resource "aws_iam_user" "scales" {
  name = "scales"
  tags = { Owner = "team-warehouse" }
}

resource "aws_iam_user_policy" "scales" {
  user = aws_iam_user.scales.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::records/*" },
      {
        Effect   = "Deny"
        Action   = "*"
        Resource = "*"
        Condition = {
          NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] }
          BoolIfExists         = { "aws:ViaAWSService" = "false" }
        }
      },
    ]
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
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.scales]
  }
}

resource "github_actions_secret" "scales" {
  repository      = "scales"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.scales.secret
}
"""


def entry(**changes: Any) -> dict[str, Any]:
    """A complete entry for the key; an element that is changed to None is left out."""
    made = {
        "id": "EXC-1",
        "key": "aws_iam_access_key.scales",
        "alternatives_considered": {
            "iam_role": "The scales stand in the warehouse",
            "identity_center": "No person signs in",
            "temporary_credentials": "The firmware takes a key only",
        },
        "purpose": "The scales upload weighing records",
        "permissions": ["s3:PutObject"],
        "source": ["203.0.113.16/28"],
        "rotation": {"days": 60, "how": "A scheduled apply"},
        "audit": "Monthly review of the trail",
        "owner": "team-warehouse",
        "deactivation": "Set status to Inactive and apply",
        "approved_by": "security-architecture",
        "approved_on": TODAY - timedelta(days=30),
        "expires": TODAY + timedelta(days=100),
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def register(*entries: dict[str, Any]) -> str:
    return yaml.safe_dump({"exceptions": list(entries)}, sort_keys=False)


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(self.out)
        return made

    def rules(self, address: str = "aws_iam_access_key.scales") -> set[str]:
        """The rules about keys and exceptions that speak of an address."""
        return {
            finding["rule"]
            for finding in self.report["findings"]
            if finding["address"] == address and finding["rule"][:3] in ("RF1", "RF9")
        }

    @property
    def covered(self) -> dict[str, dict[str, Any]]:
        """The exception that each key is covered by."""
        return {item["address"]: item["exception"] for item in self.report["suppressed"]}

    @property
    def notices(self) -> list[str]:
        return [f"{item['path']} {item['message']}" for item in self.report["notices"]]

    @property
    def errors(self) -> list[tuple[str, int, str]]:
        return [(item["path"], item["line"], item["message"]) for item in self.report["errors"]]


Run = Callable[..., Outcome]


def write(tree: Path, text: str | bytes, path: str = REGISTER) -> Path:
    file = tree / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file
