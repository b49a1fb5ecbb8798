"""What counts as key material, and that none of it is ever shown."""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from rolefirst import testing
from rolefirst.findings import Severity
from rolefirst.loaders import hcl
from rolefirst.remediation.fixes import fix_for
from rolefirst.rules.key_material import examples, key_ids, secrets
from rolefirst.rules.rf704_hardcoded_key import HardcodedKey
from rolefirst.scan import gate, scan

FIXTURES = Path(__file__).parent / "rf704_hardcoded_key"
# Made up, valid nowhere.
KEY_ID = "AKIAPTGZ6JFEBZSDOXRL"
SECRET = "xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU"
# From the documentation of AWS.
EXAMPLE_ID = "AKIAIOSFODNN7EXAMPLE"
EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (KEY_ID, 1),
        (f"export AWS_ACCESS_KEY_ID={KEY_ID}\n", 1),
        (f'{{"AccessKeyId": "{KEY_ID}"}}', 1),
        (f"{KEY_ID},{KEY_ID}", 2),
        (f"s3://{KEY_ID}:secret@bucket", 1),
        (f"X-Amz-Credential={KEY_ID}/20260101/eu-central-1/s3", 1),
        (EXAMPLE_ID, 0),
        ("AKIAXXXXXXXXXXXXXXXX", 0),
        ("AKIA0189018901890189", 0),
        (KEY_ID.lower(), 0),
        (KEY_ID + "A", 0),
        ("X" + KEY_ID, 0),
        ("AKIA", 0),
    ],
)
def test_key_ids(text: str, count: int) -> None:
    assert len(list(key_ids(text))) == count


@pytest.mark.parametrize(
    ("text", "context", "count"),
    [
        (SECRET, "secret_key", 1),
        (SECRET, "environment variables AWS_SECRET_ACCESS_KEY", 1),
        (SECRET, "accessKey", 1),
        (SECRET, "etag", 0),
        (f"{KEY_ID},{SECRET}", "value", 1),
        (f"{KEY_ID}\n{SECRET}", "value", 0),
        (f"MAKIATI {SECRET}", "value", 0),
        ("123e4567-e89b-12d3-a456-426614174000", "secret", 0),
        ("c2VjcmV0IGFjY2VzcyBrZXkgb2YgYSBwcm9qZWN0IG9mIG91cnM", "secret", 0),
        (f"AWS_SECRET_ACCESS_KEY={SECRET}", "user_data", 1),
        (f'"SecretAccessKey": "{SECRET}"', "value", 1),
        (f"the secret is below\n{SECRET}", "user_data", 0),
        (EXAMPLE_SECRET, "secret", 0),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", "secret", 0),
        ("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "secret", 0),
        ("1234567890123456789012345678901234567890", "secret", 0),
        ("aA1aA1aA1aA1aA1aA1aA1aA1aA1aA1aA1aA1aA1a", "secret", 0),
        (SECRET + "A", "secret", 0),
        (SECRET[:-1], "secret", 0),
        (SECRET + "==", "secret", 0),
    ],
)
def test_secrets(text: str, context: str, count: int) -> None:
    assert len(list(secrets(text, context))) == count


def found(files: dict[str, str]) -> list[tuple[str, str, int]]:
    result = testing.scan(files, HardcodedKey())
    assert result.errors == ()
    return [(f.address, f.location.path, f.location.line) for f in result.findings]


def test_a_variable_file_in_json() -> None:
    text = f'{{\n  "\u00e4": 1,\n  "x": {{"secret_key": "{SECRET}"}}\n}}\n'

    assert found({"main.tf": "", "a/b.tfvars.json": text}) == [("var.x", "a/b.tfvars.json", 3)]


def test_each_variable_file_is_a_finding_of_its_own() -> None:
    files = {f"{name}.tfvars": f'x = "{KEY_ID}"\n' for name in ("dev", "prod")}
    result = testing.scan(
        {"main.tf": f'variable "x" {{\n default = "{KEY_ID}"\n}}\n', **files}, HardcodedKey()
    )

    assert len({item.fingerprint for item in result.findings}) == 3
    assert [item.message.split(":")[0].split(" into ")[1] for item in result.findings] == [
        "a variable file",
        "argument default",
        "a variable file",
    ]


def test_a_tree_with_a_key_in_a_variable_file_alone_matters(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("locals {}\n", encoding="utf-8")
    (tmp_path / "prod.tfvars").write_text(f'x = "{KEY_ID}"\n', encoding="utf-8")

    assert hcl.survey(tmp_path).matters


@pytest.mark.parametrize(
    ("text", "severity", "confidence", "says"),
    [
        (
            KEY_ID,
            "medium",
            "medium",
            "an access key id (AKIA…) is written",
        ),
        (SECRET, "critical", "high", "a secret access key is written"),
        (f"{KEY_ID}:{SECRET}", "critical", "high", "an access key id (AKIA…) and a secret access"),
        (f"{EXAMPLE_ID}:{SECRET}", "critical", "high", "a secret access key is written"),
        (EXAMPLE_ID, "low", "high", "an example key of AWS's documentation is written"),
        (EXAMPLE_SECRET, "low", "high", "an example key of AWS's documentation is written"),
    ],
)
def test_what_a_literal_is(text: str, severity: str, confidence: str, says: str) -> None:
    code = f'locals {{\n  secret_key = "{text}"\n}}\n'
    result = testing.scan({"main.tf": code}, HardcodedKey())
    (finding,) = result.findings

    assert (finding.severity.label, finding.confidence.label) == (severity, confidence)
    assert finding.message.startswith(says)
    assert gate(result, Severity.MEDIUM) == (0 if severity == "low" else 1)


@pytest.mark.parametrize(("text", "steps"), [(SECRET, True), (EXAMPLE_SECRET, False)])
def test_an_example_need_not_be_deleted_in_aws(tmp_path: Path, text: str, steps: bool) -> None:
    (tmp_path / "main.tf").write_text(f'locals {{\n  secret_key = "{text}"\n}}\n', "utf-8")
    project = hcl.load(tmp_path)
    (finding,) = scan(project, [HardcodedKey()]).findings
    (block,) = project.suspects()

    assert (fix_for(finding, block, project) is not None) == steps


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (EXAMPLE_ID, 1),
        ("AKIAI44QH8DHBEXAMPLE", 1),
        (EXAMPLE_SECRET, 1),
        (f"{EXAMPLE_ID}:{EXAMPLE_SECRET}", 2),
        (f"{EXAMPLE_ID}S", 0),
        (f"X{EXAMPLE_SECRET}", 0),
        (f"{EXAMPLE_SECRET}=", 0),
        ("AKIAXXXXXXXXXXXXXXXX", 0),
        (KEY_ID, 0),
        (SECRET, 0),
    ],
)
def test_examples(text: str, count: int) -> None:
    assert len(list(examples(text))) == count


def test_a_variable_file_without_key_material() -> None:
    assert found({"main.tf": "", "terraform.tfvars": 'access_key = "set by the pipeline"\n'}) == []


def test_a_variable_file_that_cannot_be_read() -> None:
    result = testing.scan({"main.tf": "", "b.tfvars.json": f'{{"x": "{KEY_ID}"'}, HardcodedKey())

    assert [error.path for error in result.errors] == ["b.tfvars.json"]
    assert KEY_ID not in str(result.errors)


@pytest.mark.parametrize("name", ["bad.tf", "unknown.tf"])
def test_a_finding_shows_none_of_it(name: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    material = re.findall(r"[A-Za-z0-9/+]{40}|AKIA\w{16}", text)
    result = testing.scan({name: text}, HardcodedKey())

    assert material
    assert result.findings
    for finding in result.findings:
        shown = str(asdict(finding))
        assert not [token for token in material if token[:6] in shown or token[-6:] in shown]


@pytest.mark.parametrize("text", ["AKIA" * 100_000, "aA1/" * 100_000, "access " * 50_000])
def test_large_texts_take_no_time(text: str) -> None:
    start = time.perf_counter()
    found = [*key_ids(text), *secrets(text, "secret"), *examples(text)]

    assert not found
    assert time.perf_counter() - start < 2
