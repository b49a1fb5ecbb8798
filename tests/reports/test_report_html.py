from __future__ import annotations

import dataclasses
import itertools
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.findings import (
    Confidence,
    Consumer,
    Decision,
    Finding,
    Location,
    RuleInfo,
    ScanResult,
    Severity,
)
from rolefirst.reports import ReportContext, render
from rolefirst.reports.picture import draw

SECRETS = ("IOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY", "hunter2")
RULE = RuleInfo("RF101", "access_key_last_resort", "A key", Severity.HIGH)
VOID = {"meta", "br"}
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Page(HTMLParser):
    """Elements with their attributes; every element has to be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.elements if "id" in attrs]


def key_for(address: str, *consumers: str) -> Finding:
    place = Location("main.tf", 1)
    users = tuple(Consumer(c, "value", "secret", place, "ci") for c in consumers)
    decision = Decision("ci", address, Confidence.HIGH, address, "oidc", users)
    message = f"message {address}"
    return Finding(
        RULE, Severity.HIGH, Confidence.HIGH, ".", address, place, message, decision=decision
    )


def test_golden(result: ScanResult, context: ReportContext, golden) -> None:
    golden("report.html", render("html", result, context))


def test_shows_no_secret(result: ScanResult, context: ReportContext) -> None:
    text = render("html", result, context)
    assert not [secret for secret in SECRETS if secret in text]


def test_where_is_the_call_in_the_root_module(result: ScanResult, context: ReportContext) -> None:
    text = render("html", result, context)
    assert "<td><code>main.tf:9</code></td>" in text
    assert "<td><code>ci/main.tf:3</code></td>" not in text


def test_suppressed_findings_say_until_when(result: ScanResult, context: ReportContext) -> None:
    assert "</code> exception, until 2026-12-31: approved</li>" in render("html", result, context)


def test_every_name_of_an_element_is_one_of_the_page(result, context) -> None:
    page = Page(render("html", result, context))
    ids = page.ids()
    assert len(set(ids)) == len(ids)
    for _, attrs in page.elements:
        if target := attrs.get("aria-labelledby"):
            assert target in ids
        if (link := attrs.get("href")) is not None:
            assert link.removeprefix("#") in ids


def test_loads_nothing_and_runs_nothing(result: ScanResult, context: ReportContext) -> None:
    page = Page(render("html", result, context))
    assert "script" not in [tag for tag, _ in page.elements]
    for tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name == "src"], tag
    (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv")]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


@given(st.text(st.sampled_from("<>\"'&/ab={}%;-!\x00\x1b\u202e")), st.text())
def test_a_name_is_never_an_element(address: str, consumer: str) -> None:
    context = ReportContext(excerpt=lambda _l, _c: "", color=False, version="1")
    plain = render("html", ScanResult(1, 1, 1, (key_for("a", "b"),)), context)
    text = render("html", ScanResult(1, 1, 1, (key_for(address or "a", consumer),)), context)
    assert [tag for tag, _ in Page(text).elements] == [tag for tag, _ in Page(plain).elements]


def test_headings_step_down_one_by_one(result: ScanResult, context: ReportContext) -> None:
    levels = [
        int(t[1])
        for t, _ in Page(render("html", result, context)).elements
        if t[0] == "h" and t[1:].isdigit()
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_picture_says_what_it_shows() -> None:
    decision = key_for("aws_iam_access_key.k", "github_actions_secret.a", "output.b").decision
    assert decision is not None
    drawn = draw("aws_iam_access_key.k", decision)
    assert "github_actions_secret.a value (ci: receives the secret)" in drawn.label
    assert [box.kind for box in drawn.boxes] == ["key", "consumer", "consumer", "instead"]
    assert len(drawn.arrows) == 4
    for box in drawn.boxes:
        assert 0 <= box.x < box.x + box.width <= drawn.width
        assert 0 <= box.y < box.y + box.height <= drawn.height


def test_a_picture_has_a_limit() -> None:
    many = [f"github_actions_secret.s{number}" for number in range(500)]
    decision = key_for("k", *many).decision
    assert decision is not None
    drawn = draw("k", decision)
    assert "and 492 more" in [box.title for box in drawn.boxes]
    assert drawn.height < 700


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browser_shows_it_without_a_word(result, context, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    hostile = key_for("<script>document.title='owned'</script>", "<img src=x onerror=alert(1)>")
    both = dataclasses.replace(result, findings=(*result.findings, hostile))
    path.write_text(render("html", both, context))
    done = subprocess.run(
        [
            CHROMIUM or "",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--enable-logging=stderr",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert not [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert "owned</title>" not in done.stdout
    assert not re.search(r"<script|<img", done.stdout)
    assert "&lt;script&gt;document.title" in done.stdout
