"""The same findings in every format."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from rolefirst.arguments import FORMATS as OFFERED
from rolefirst.findings import ScanResult, Severity
from rolefirst.reports import FORMATS, render
from rolefirst.reports.text_lines import say

Found = Counter[tuple[str, str]]


def in_json(text: str) -> Found:
    return Counter((f["rule"], say(f["address"])) for f in json.loads(text)["findings"])


def in_sarif(text: str) -> Found:
    results = json.loads(text)["runs"][0]["results"]
    return Counter(
        (r["ruleId"], r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
        for r in results
        if r["kind"] == "fail" and not r["suppressions"]
    )


def in_junit(text: str) -> Found:
    cases = ElementTree.fromstring(text).findall(".//testcase")
    below = [case for case in cases if case.find("skipped") is not None]
    below = [case for case in below if " --fail-on " in case.find("skipped").get("message", "")]  # type: ignore[union-attr]
    failed = [case for case in cases if case.find("failure") is not None]
    return Counter((case.get("classname", ""), case.get("name", "")) for case in failed + below)


def in_code_quality(text: str) -> Found:
    issues = [i for i in json.loads(text) if i["check_name"] != "scan_error"]
    return Counter((i["check_name"][:5], i["description"].partition(": ")[0]) for i in issues)


def in_github(text: str) -> Found:
    titles = re.findall(r"^::\w+ [^:]*title=(RF\d+) \w+%3A ([^:]*?),line=", text, re.MULTILINE)
    decoded = [(rule, unquote(address)) for rule, address in titles]
    return Counter(pair for pair in decoded if pair[0] != "RF601")


def in_markdown(text: str) -> Found:
    rows = re.findall(r"^\| \w+ \| `+ ?(.*?) ?`+ \| .* \| (RF[^|]*) \|", text, re.MULTILINE)
    return Counter((rule, address) for address, rules in rows for rule in rules.split(", "))


def in_html(text: str) -> Found:
    found: Found = Counter()
    for card in re.findall(r"<article.*?</article>", text, re.DOTALL):
        address = html.unescape(re.search(r"<h3[^>]*><code>(.*?)</code>", card)[1])  # type: ignore[index]
        found.update((rule, address) for rule in re.findall(r'"mark \w+">\w+ (RF\d+)<', card))
    return found


def in_text(text: str) -> Found:
    found: Found = Counter()
    address = ""
    for line in text.split("\n\nUndetermined:")[0].split("\n"):
        head = re.match(
            r"(?:critical|high|medium|low) (RF\d+) \w+  (.*?)(?:  \(\w+ conf.*)?$", line
        )
        also = re.match(r"  (?:critical|high|medium|low) (RF\d+) \w+: ", line)
        if head:
            address = head[2]
        if head or also:
            found[(head or also)[1], address] += 1  # type: ignore[index]
    return found


READERS: dict[str, Callable[[str], Found]] = {
    "text": in_text,
    "json": in_json,
    "sarif": in_sarif,
    "junit": in_junit,
    "markdown": in_markdown,
    "html": in_html,
    "github": in_github,
    "gitlab": in_code_quality,
    "codeclimate": in_code_quality,
}


def test_every_format_is_offered_and_read_here() -> None:
    assert set(READERS) == set(FORMATS)
    assert OFFERED == FORMATS


@pytest.mark.parametrize("fail_on", [Severity.LOW, Severity.CRITICAL, None])
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_the_same_findings(format, fail_on, result: ScanResult, context) -> None:
    context = dataclasses.replace(context, fail_on=fail_on)
    expected = Counter(
        (f.rule.id, say(f.address).replace("AKIAIOSFODNN7EXAMPLE", "AKIA****"))
        for f in result.findings
    )
    assert READERS[format](render(format, result, context)) == expected
