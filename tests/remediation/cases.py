"""The cases of the proof: real shapes of code, and what the steps for each leave to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import oidc_shapes
import saas_shapes
import workload_shapes
from workload_shapes import CALL, FUNCTION, MODULE_USER, ROLE, TASK, USER

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
    remediation has its second turn.
    ``renamed`` leads from the address of what takes a key's place to the key, and ``moved`` names
    findings about the account, which stand at any block that shows that it is managed here.
    ``claim`` says how far a fix goes: ``safe`` or ``review``, ``code`` (new code alone: the finding
    stays until people have moved) or ``steps`` (no code).
    """

    template: str
    name: str
    files: dict[str, str]
    rule: str = "RF101"
    by_hand: tuple[Replacement, ...] = ()
    renamed: Replacement | None = None
    moved: frozenset[tuple[str, str]] = frozenset()
    claim: str = ""


_KEY = r"aws_iam_access_key\.(?:up|ci|sync)\.\w+"
#: The consumer's code without the key, whatever stands there then: in a text, and alone.
SWITCHED = ((rf"\$\{{{_KEY}\}}", "by-hand"), (_KEY, '"by-hand"'))
#: Shapes whose consumers are switched by hand, because edits would be a guess: until then, the keys
#: stay.
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
    "iot",
    "pods_of_an_unknown_cluster",
    "pods_with_both",
    "buildkite, a schedule",
    "vercel, a variable for two environments",
    "vercel, in the project",
    "env0, a configuration variable",
    "scalr, a variable, the provider's URL an expression",
    "google",
    "google_default",
    "azure",
    "azure_own",
    "heroku",
    "heroku_anchored",
}
TWIN = (
    ROLE.replace(
        'assume_role_policy = "{}"', "assume_role_policy = data.aws_iam_policy_document.t.json"
    )
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
FUNCTION_TWIN = TWIN.replace("ecs-tasks", "lambda")
OUTPUT = """
output "k" {
  value     = aws_iam_access_key.up.secret
  sensitive = true
}
"""
OUTSIDE = 'output "k" {\n  value     = module.up.k\n  sensitive = true\n}\n'
NOBODY = (r'(?m)^output "k" \{\n(?:  .*\n)*\}\n', "")


def _without(*headers: str) -> tuple[Replacement, ...]:
    """Whole blocks taken away."""
    return tuple(
        (rf"(?m)^{re.escape(header)} \{{\n(?:(?!\}}).*\n)*\}}\n+", "") for header in headers
    )


#: Fixtures whose fix is steps, each with what stands there when people have followed them.
END_STATES: dict[str, tuple[Replacement, ...]] = {
    "rf105_counted": ((r"count = 2", "count = 1"),),
    "rf105_two_active": _without('resource "aws_iam_access_key" "old"'),
    "rf106_read": _without('output "key"'),
    "rf107_inline": _without(
        'resource "aws_iam_user_login_profile" "anna"',
        'resource "aws_iam_user_policy" "anna"',
        'resource "aws_iam_user" "anna"',
        'output "anna"',
    ),
    "rf201_named_root": _without('resource "null_resource" "root_key"'),
    "rf201_user_root": _without('resource "aws_iam_access_key" "root"'),
    "rf203_sessions": (
        (r"Condition = (\{ .*) \}\n", r'Condition = \1, Null = { "aws:AssumedRoot" = "true" } }\n'),
    ),
    "rf301_depends": ((r"  depends_on = .*\n\n", ""),),
    "rf303_rotated_by_lambda": _without(
        'resource "aws_iam_access_key" "ci"', 'resource "aws_secretsmanager_secret_version" "ci"'
    ),
    "rf303_vault": _without('resource "aws_iam_access_key" "ci"'),
    "rf501_user": ((r'Action = "\*"', 'Action = "dynamodb:GetItem"'),),
    "rf502_user": ((r"dynamodb:\*", "dynamodb:GetItem"),),
    "rf503_user": ((r"iam:CreateAccessKey", "dynamodb:GetItem"),),
    "rf601_admin": ((r"AdministratorAccess", "AmazonS3ReadOnlyAccess"),),
    "rf602_assumed": (
        (
            r'"sts:AssumeRole", Resource = aws_iam_role.deploy.arn',
            '"s3:PutObject", Resource = "arn:aws:s3:::deploy/*"',
        ),
    ),
    "rf704_lambda": ((r" *AWS_\w+ += .*\n", ""),),
    "rf704_literal": ((r"  \w+_key = .*\n", ""),),
}
#: Fixtures in which two keys take the place of one: what is said of each was said of that one.
PAIRS = {
    **dict.fromkeys(
        ("rf301_counted", "rf301_depends", "rf301_output", "rf304_output"), (r"_[ab](?=\[|$)", "")
    ),
    "rf301_module": (r"user_[ab]$", "this"),
}
#: The finding about the account stands at the first Config rule, which is another one now.
MOVED = {"rf803_missing": [("RF204", "aws_config_config_rule.access_keys_rotated")]}


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
    for name, (code, *_) in oidc_shapes.SHAPES.items():
        kind = re.match(r"(github|gitlab)?", name)
        assert kind
        yield Case(
            f"oidc_{kind[1] or 'generic'}",
            name,
            {"main.tf": oidc_shapes.USER + code},
            by_hand=SWITCHED if name in BY_HAND else (),
        )


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
                renamed=(r"\w+_exception_[ab]$", "sync"),
            )


def _others() -> Iterator[Case]:
    """Keys that nobody has a use for, whose role is there already, and of which nobody knows."""
    yield from _in_root_and_module("delete_unused", "unused", "")
    yield Case("existing_role", "twin", {"main.tf": USER + TASK + TWIN})
    yield Case("existing_role", "twin of a function", {"main.tf": USER + FUNCTION + FUNCTION_TWIN})
    yield from _in_root_and_module("ask_owner", "output", OUTPUT, OUTSIDE, (NOBODY,))


def _fixtures() -> Iterator[Case]:
    """Fixes for what is wrong beside a key; the first line of each says how far the fix goes."""
    for path in sorted(FOLDER.iterdir()):
        found = [path] if path.is_file() else sorted(path.rglob("*.tf"))
        names = ["main.tf" if path.is_file() else p.relative_to(path).as_posix() for p in found]
        files = {name: file.read_text("utf-8") for name, file in zip(names, found, strict=True)}
        claim = re.match(r"# fix: (safe|review|code|steps)\n", files["main.tf"])
        assert claim, f"{path} says nothing about its fix"
        yield Case(
            "",
            path.stem,
            files,
            rule=path.name[:5].upper(),
            claim=claim[1],
            by_hand=END_STATES.get(path.stem, ()),
            renamed=PAIRS.get(path.stem),
            moved=frozenset(MOVED.get(path.stem, ())),
        )
