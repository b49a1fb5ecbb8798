"""What other scanners get wrong about keys, users and their rights is right here.

``peers/cases.yaml`` lists the cases, and what no Terraform code can show.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from rolefirst import rules, testing
from rolefirst.findings import Finding, ScanResult

PEERS = Path(__file__).parent / "peers"
CASES = yaml.safe_load((PEERS / "cases.yaml").read_text(encoding="utf-8"))["cases"]
VERDICTS = ("found", "undetermined", "silent")

#: A rule of ours, an address and the verdict.
Said = tuple[str, str, str]


def name(case: dict[str, Any]) -> str:
    return f"{case['peer']} {', '.join(case['rules'])}: {case['wrong']}"


def claims(case: dict[str, Any]) -> list[Said]:
    return [
        (rule, address, verdict)
        for verdict in VERDICTS
        for rule, addresses in case.get(verdict, {}).items()
        for address in addresses
    ]


@lru_cache
def scanned(file: str) -> ScanResult:
    return testing.scan(testing.read(PEERS / file), *rules.load())


def verdict(result: ScanResult, rule: str, address: str) -> str:
    said = {
        "found" if isinstance(item, Finding) else "undetermined"
        for item in (*result.findings, *result.undetermined)
        if (item.rule.id, item.address) == (rule, address)
    }
    return " and ".join(sorted(said)) or "silent"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_what_a_peer_gets_wrong(case: dict[str, Any]) -> None:
    result = scanned(case["file"])
    expected = claims(case)

    assert result.errors == ()
    assert expected
    assert [(rule, address, verdict(result, rule, address)) for rule, address, _ in expected] == (
        expected
    )


def test_what_is_silent_is_there() -> None:
    for case in CASES:
        text = "\n".join(testing.read(PEERS / case["file"]).values())
        silent = [address for _, address, verdict in claims(case) if verdict == "silent"]
        for type, label in (address.split(".")[-2:] for address in silent):
            assert f'resource "{type}" "{label}" {{' in text


def test_cases_hold_nothing_that_is_not_read() -> None:
    for case in CASES:
        assert case.keys() <= {"peer", "rules", "wrong", "file", *VERDICTS}
    assert len({name(case) for case in CASES}) == len(CASES)
    assert {path.name for path in PEERS.iterdir()} == {
        "cases.yaml",
        *(case["file"] for case in CASES),
    }


def test_a_user_that_is_named_root_is_said_to_be_one() -> None:
    """Trivy AWS-0141 takes it for the root user of the account."""
    (finding,) = (
        finding
        for finding in scanned("root_keys.tf").findings
        if (finding.rule.id, finding.address) == ("RF201", "aws_iam_access_key.of_user")
    )

    assert "an IAM user named root, which is not the root user of the account" in finding.message


def test_a_key_comes_with_what_should_stand_in_its_place() -> None:
    """Terrascan AC_AWS_0133 finds ordinary keys too, and says no more than that."""
    keys = [item for item in scanned("keys.tf").findings if item.rule.id == "RF101"]

    assert keys
    assert all(item.decision and item.decision.alternative for item in keys)
