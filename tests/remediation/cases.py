"""The proof's cases: every remediation on real shapes of code, and what its steps leave to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import oidc_shapes
import saas_shapes
import workload_shapes
from workload_shapes import CALL, MODULE_USER, ROLE, TASK, USER

FOLDER = Path(__file__).with_name("fixes")
#: What a person answers to a variable whose name ends so.
ANSWERS = {
    "owner": '"storage-team@corp.example"',
    "team": '"storage-team@corp.example"',
    "purpose": '"Nightly export"',
    "audit": '"Monthly"',
    "deactivation": '"At the end of the contract"',
    "cidrs": '["203.0.113.0/24"]',
    "vpcs": "[]",
    "target": '"r-ab12"',
    "group": '"developers"',
    "id": '"111122223333"',
}
Replacement = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """One tree, the rule that finds something in it, and the template of its remediation.

    ``by_hand`` is what people change where edits cannot, as patterns and replacements, before the
    remediation has its second turn; ``register`` asks for the approved entry of an exception.
    ``renamed`` leads from the address of what takes a key's place to the key, and ``moved`` names
    findings about the account, which stand at any block that shows that it is managed here.
    """

    template: str
    name: str
    files: dict[str, str]
    rule: str = "RF101"
    by_hand: tuple[Replacement, ...] = ()
    register: bool = False
    renamed: Replacement | None = None
    moved: frozenset[tuple[str, str]] = field(default=frozenset())


_KEY = r"aws_iam_access_key\.(?:up|ci|sync)\.\w+"
#: The consumer's code without the key, whatever stands there then: in a text, and alone.
SWITCHED = ((rf"\$\{{{_KEY}\}}", "by-hand"), (_KEY, '"by-hand"'))
#: Shapes whose consumers are switched by hand, because edits would be a guess.
BY_HAND = {
    "ec2",
    "ec2_with_role",
    "launch_template",
    "azure devops, a variable group",
    "databricks",
    "databricks_mount",
    "azure_none",
    "openstack_authority",
    "codespace",
    "codespace_sso",
    "newrelic",
    "parameter",
    "in_vault",
    "in_vault_by_path",
    "secret_version",
}
TWIN = (
    ROLE.replace('assume_role_policy = "{}"', "assume_role_policy = data.aws_iam_policy_document.t.json")
    + """
data "aws_iam_policy_document" "t" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "own" {
  role   = aws_iam_role.own.name
  policy = data.aws_iam_policy_document.up.json
}
"""
)
OUTPUT = """
output "k" {
  value     = aws_iam_access_key.up.secret
  sensitive = true
}
"""
OUTSIDE = 'output "k" {\n  value     = module.up.k\n  sensitive = true\n}\n'
NOBODY = (r'(?m)^output "k" \{\n(?:  .*\n)*\}\n', "")


def cases() -> tuple[Case, ...]:
    """All of them."""
    return (*_workloads(), *_platforms(), *_vendors(), *_others(), *_fixtures())


def _workloads() -> Iterator[Case]:
    """Workloads on AWS: the user beside them, and in a module behind a provider alias."""
    for name, (code, template, _) in workload_shapes.WORKLOADS.items():
        yield from _in_root_and_module(template, name, code)


def _in_root_and_module(
    template: str, name: str, code: str, outside: str = "", by_hand: tuple[Replacement, ...] = ()
) -> Iterator[Case]:
    hand = by_hand or (SWITCHED if name in BY_HAND else ())
    passed = "".join(
        f'\n  {variable} = "arn:aws:iam::123456789012:role/x"\n'
        for variable in re.findall(r'^variable "(\w+)"', code, re.MULTILINE)
    )
    call = CALL.replace('  name   = "shop"\n', f'  name   = "shop"\n{passed}') + outside
    module = {"main.tf": call, "modules/up/up.tf": MODULE_USER + code}
    yield Case(template, name, {"main.tf": USER + code}, by_hand=hand)
    yield Case(template, f"{name} in a module", module, by_hand=hand)


def _platforms() -> Iterator[Case]:
    """CI platforms, whose jobs sign in with a token."""
    for name, (code, host, *_) in oidc_shapes.SHAPES.items():
        known = {"token.actions.githubusercontent.com": "github", "gitlab": "gitlab"}
        kind = next((each for part, each in known.items() if name.startswith(each)), "generic")
        del host
        hand = SWITCHED if name in BY_HAND else ()
        yield Case(f"oidc_{kind}", name, {"main.tf": oidc_shapes.USER + code}, by_hand=hand)


def _vendors() -> Iterator[Case]:
    """Consumers outside of the account, for two users that are written differently."""
    for kind, user in saas_shapes.USERS.items():
        for name, (code, template, _) in saas_shapes.CONSUMERS.items():
            hand = SWITCHED if name in BY_HAND else ()
            yield Case(template, f"{name} {kind}", {"main.tf": user + code}, by_hand=hand)
        for name, code in saas_shapes.EXCEPTIONS.items():
            yield Case(
                "exception",
                f"{name} {kind}",
                {"main.tf": user + code},
                by_hand=SWITCHED,
                register=True,
                renamed=(r"\w+_exception_[ab]$", "sync"),
            )


def _others() -> Iterator[Case]:
    """Keys that nobody has a use for, whose role is there already, and of which nobody knows."""
    yield from _in_root_and_module("delete_unused", "unused", "")
    yield from _in_root_and_module("existing_role", "twin", TWIN + TASK)
    yield from _in_root_and_module("ask_owner", "output", OUTPUT, OUTSIDE, (NOBODY,))


def _fixtures() -> Iterator[Case]:
    """Fixes for what is wrong beside a key."""
    for path in sorted(FOLDER.iterdir()):
        files = {path.name: path} if path.is_file() else {
            file.relative_to(path).as_posix(): file for file in path.rglob("*.tf")
        }
        yield Case("", path.stem, {n: f.read_text("utf-8") for n, f in files.items()}, path.name[:5].upper())
