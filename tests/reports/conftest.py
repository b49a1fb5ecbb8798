"""One scan result with all kinds of entries and hostile names, for the tests of every format."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from rolefirst.findings import (
    CallSite,
    Confidence,
    Consumer,
    Decision,
    Evidence,
    Finding,
    Location,
    PassedOver,
    Related,
    Remediation,
    RuleInfo,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
    Undetermined,
)
from rolefirst.reports import ReportContext

GOLDEN = Path(__file__).parents[1] / "golden"

# The example credentials of the AWS documentation.
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

SOURCES = {
    "ci/main.tf": (
        "# CI\n\n"
        'resource "aws_iam_access_key" "this" {\n'
        "  user   = aws_iam_user.ci.name # \x1b]0;owned\x07\u202e\n"
        "}\n\n"
        'resource "github_actions_secret" "k" {\n'
        "  plaintext_value = aws_iam_access_key.this.secret\n"
        "}\n"
    ),
    "providers.tf": (
        'provider "aws" {\n'
        f'\taccess_key = "{KEY_ID}"\n'
        f'\tsecret_key = "{SECRET}"\n'
        '  region     = "eu-central-1"\n'
        "  # 日本 \N{ZERO WIDTH SPACE}<script>alert(1)</script> ::add-mask::x ##vso[task.x]\n"
        '  token      = "hunter2"\n'
        '  profile    = "late"\n'
        "}\n"
    ),
}

RF101 = RuleInfo("RF101", "access_key_last_resort", "A long-lived access key", Severity.HIGH)
RF301 = RuleInfo("RF301", "rotation_missing", "No automation rotates the key", Severity.HIGH)
RF401 = RuleInfo("RF401", "owner_tag_missing", "An IAM user without an owner", Severity.MEDIUM)
RF601 = RuleInfo("RF601", "source_unrestricted", "A key that works from anywhere", Severity.MEDIUM)
RF704 = RuleInfo("RF704", "hardcoded_key", "Key material in code", Severity.CRITICAL)

TERRAFORM = "".join(
    f'resource "aws_iam_role" "ci_{number}" {{\n  name = "ci-{number}"\n}}\n'
    for number in range(10)
)
STEPS = ("Create the role and apply.", "Switch the workflow to the role.", "Delete the key.")


def _decided(address: str, path: str = "ci/main.tf") -> Finding:
    return Finding(
        rule=RF101,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        root=".",
        address=address,
        location=Location(path, 3, 1, 5, 2),
        message="Key of user <script>alert(1)</script>\x1b[31m goes to \u202eGitHub\u202c Actions.",
        call_chain=(
            CallSite("module.ci", Location("main.tf", 9, 1, 12, 2)),
            CallSite("module.ci.module.key", Location("ci/key.tf", 2, 1, 4, 2)),
        ),
        related=(Related(Location("ci/main.tf", 20), "the user's policy"),),
        decision=Decision(
            category="ci",
            alternative="oidc-federation",
            confidence=Confidence.HIGH,
            summary="A role that GitHub Actions assumes with its OIDC token.",
            template="oidc_github",
            consumers=(
                Consumer(
                    "github_actions_secret.k",
                    "plaintext_value",
                    "secret",
                    Location("ci/main.tf", 8, 3, 8, 51),
                    "ci",
                    "github_actions_secret",
                ),
            ),
            evidence=(
                Evidence("data-flow", "secret reaches plaintext_value", Location("ci/main.tf", 8)),
                Evidence("name", f'the user is called "ci\r\n{KEY_ID}\x7f"'),
            ),
            passed_over=(PassedOver("iam-role", "GitHub's runners do not run in this account."),),
        ),
        remediation=Remediation("oidc_github", TERRAFORM, STEPS, "safe"),
    )


def _not_rotated(address: str) -> Finding:
    return Finding(
        rule=RF301,
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        root=".",
        address=address,
        location=Location("ci/main.tf", 3, 1, 5, 2),
        message="Nothing replaces \u202ethis key.",
    )


def _hardcoded() -> Finding:
    return Finding(
        rule=RF704,
        severity=Severity.CRITICAL,
        confidence=Confidence.MEDIUM,
        root="envs/prod",
        address=f'provider.aws["{KEY_ID}"]',
        location=Location("providers.tf", 2, 2, 8, 2),
        message=f"The literal '{SECRET}' is a secret. ::error::x",
        attribute="secret_key",
        decision=Decision(
            category="unknown",
            alternative="ask-owner",
            confidence=Confidence.LOW,
            summary="The code does not tell who uses the key.",
            template="",
            question="Which system signs in with this key, and where does it run?",
        ),
        remediation=Remediation("bare", f'# {SECRET}\n::stop-commands::\nx = "\t"', (), "review"),
    )


@pytest.fixture
def result() -> ScanResult:
    suppressed = Finding(
        RF401,
        Severity.LOW,
        Confidence.HIGH,
        ".",
        "aws_iam_user.old",
        Location("users.tf", 1),
        "The user names no owner.",
    )
    kinds = (
        Suppression("inline", "moves out \x9b2J", Location("users.tf", 2)),
        Suppression("exception", "approved", Location("keys.yaml", 4), "2026-12-31"),
        Suppression("config", ""),
        Suppression("baseline", "known on adoption"),
    )
    return ScanResult(
        files=12,
        blocks=80,
        keys=4,
        findings=(
            _hardcoded(),
            _decided("module.ci.module.key.aws_iam_access_key.this"),
            _decided('module.ci.module.key.aws_iam_access_key.x["\udc80\ufeff"]', "gone.tf"),
            _not_rotated("module.ci.module.key.aws_iam_access_key.this"),
        ),
        undetermined=(
            Undetermined(
                RF601,
                ".",
                "aws_iam_access_key.x",
                Location(f"keys/{KEY_ID}\n.tf", 7, 3),
                "var.cidrs has no default.",
            ),
        ),
        suppressed=tuple(
            Finding(
                suppressed.rule,
                suppressed.severity,
                suppressed.confidence,
                suppressed.root,
                f"{suppressed.address}[{index}]",
                suppressed.location,
                suppressed.message,
                suppression=suppression,
            )
            for index, suppression in enumerate(kinds)
        ),
        errors=(
            ScanError("broken\x1b.tf", 3, "This block cannot be parsed."),
            ScanError("big.tf", 0, "The file is larger than 10 MB."),
        ),
        notices=(ScanError("", 0, "The register was read from the work tree."),),
    )


def excerpt(location: Location, count: int) -> str:
    lines = SOURCES.get(location.path, "").split("\n")
    return "\n".join(lines[location.line - 1 :][:count])


@pytest.fixture
def context() -> ReportContext:
    return ReportContext(excerpt=excerpt, color=False, version="1.2.3")


def pytest_addoption(parser: pytest.Parser) -> None:
    # Another conftest.py may offer the same option.
    with contextlib.suppress(ValueError):
        parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare with a file of tests/golden; `pytest tests/reports --update-golden` rewrites it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden", default=False):
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode()

    return compare
