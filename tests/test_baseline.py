from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest

from rolefirst import baseline
from rolefirst.errors import ConfigError
from rolefirst.findings import (
    Confidence,
    Finding,
    Location,
    RuleInfo,
    ScanResult,
    Severity,
    Undetermined,
)

RULE = RuleInfo("RF101", "access_key_last_resort", "A key", Severity.HIGH)
KEY_ID = "AKIAIOSFODNN7EXAMPLE"


def key(address: str, path: str = "main.tf", root: str = ".", line: int = 1) -> Finding:
    place = Location(path, line)
    return Finding(RULE, Severity.HIGH, Confidence.HIGH, root, address, place, "a key")


def result(*findings: Finding) -> ScanResult:
    return ScanResult(1, 1, 1, findings)


def judged(known: ScanResult, now: ScanResult, gone: tuple[str, ...] = ()) -> ScanResult:
    entries = baseline.read(baseline.write(known).encode(), "b.json")
    return baseline.apply(now, entries, "b.json", lambda root: root not in gone)


def test_what_is_known_is_suppressed_and_the_rest_stays() -> None:
    old, new = key("a"), key("b")
    after = judged(result(old), result(old, new))
    assert after.findings == (new,)
    assert [f.suppression.kind for f in after.suppressed if f.suppression] == ["baseline"]
    assert after.notices == ()


def test_a_moved_block_and_a_renamed_file_are_known() -> None:
    after = judged(result(key("a")), result(key("a", "renamed.tf", line=99)))
    assert after.findings == ()


def test_another_message_is_the_same_finding() -> None:
    after = judged(result(key("a")), result(replace(key("a"), message="still a key")))
    assert after.findings == ()


def test_a_renamed_folder_is_known_once() -> None:
    before = result(key("a", "old/main.tf", "old"))
    moved, copied = key("a", "new/main.tf", "new"), key("a", "copy/main.tf", "copy")
    assert judged(before, result(moved), gone=("old",)).findings == ()
    assert judged(before, result(moved, copied), gone=("old",)).findings == (copied,)


def test_a_key_that_is_fixed_here_does_not_cover_one_there() -> None:
    before = result(key("a", "dev/main.tf", "dev"))
    new = key("a", "prod/main.tf", "prod")
    after = judged(before, result(new))
    assert after.findings == (new,)
    assert "1 of its entries are gone" in after.notices[0].message


def test_what_could_not_be_told_is_known_too() -> None:
    def untold(address: str) -> Undetermined:
        return Undetermined(RULE, ".", address, Location("main.tf", 1), "var.x")

    before = replace(result(key("a")), undetermined=(untold("a"),))
    now = replace(result(key("a")), undetermined=(untold("a"), untold("b")))
    after = judged(before, now)
    assert after.undetermined == (untold("b"),)
    assert "1 known results that cannot be told are left out" in after.notices[0].message
    assert judged(result(key("a")), now).undetermined == now.undetermined


def test_the_file_is_as_the_schema_says_and_the_same_every_time() -> None:
    found = (key("b"), key("a", "x.tf", "r"), key(f'k["{KEY_ID}"]'))
    text = baseline.write(result(*found))
    assert text == baseline.write(result(*reversed(found)))
    assert KEY_ID not in text
    schema = json.loads(files("rolefirst").joinpath("baseline.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))
    assert text.count("\n") == len(found) + 6


def test_an_empty_baseline() -> None:
    assert baseline.read(baseline.write(result()).encode(), "b.json") == baseline.Baseline()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"schema_version": 2, "findings": []}',
        '{"schema_version": 1}',
        '{"schema_version": 1, "findings": {}, "undetermined": []}',
        '{"schema_version": 1, "findings": ["x"], "undetermined": []}',
        '{"schema_version": 1, "findings": [{"fingerprint": "x"}]}',
        '{"schema_version": 1, "findings": [{"fingerprint": 1, "rule": "", "root": "", '
        '"address": "", "attribute": "", "path": ""}]}',
        "[" * 100_000,
        "\udc80",
    ],
)
def test_what_is_no_baseline_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError, match=r"b\.json"):
        baseline.read(text.encode("utf-8", "surrogatepass"), "b.json")
