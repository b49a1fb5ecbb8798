"""``scan``: where rules run. Severities, suppressions, order, crashes and the gate."""

from __future__ import annotations

import builtins
import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from rolefirst import rules
from rolefirst.errors import CRASHES, InputError, RolefirstError
from rolefirst.facts import with_remediation
from rolefirst.findings import (
    CallSite,
    Confidence,
    Consumer,
    Decision,
    Evidence,
    Finding,
    Location,
    Related,
    RuleInfo,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
    Undetermined,
)
from rolefirst.loaders import hcl
from rolefirst.merge import below, merge
from rolefirst.project import Block, Project
from rolefirst.rules.base import SECTIONS, Result, Rule
from rolefirst.scan import Settings, allow, gate, scan
from rolefirst.suppressions import PROTECTED

DOC = "A rule of a test\n\n" + "\n".join(f"## {section}\n-" for section in SECTIONS)
USER = 'resource "aws_iam_user" "u" {\n  name = "u"\n%s}\n'
INFO = RuleInfo("RF999", "of_a_test", "A rule of a test", Severity.MEDIUM)
PLACE = Location("main.tf", 1)

Check = Callable[[Rule, Block, Project], Iterable[Result]]


def rule(check: Check, id: str = "RF499", name: str = "of_a_test") -> Rule:
    """A rule over IAM users that does what ``check`` says."""

    def run(self: Rule, block: Block, project: Project) -> Iterator[Result]:
        yield from check(self, block, project)

    members = {
        "__doc__": DOC,
        "id": id,
        "name": name,
        "severity": Severity.MEDIUM,
        "resources": ("aws_iam_user",),
        "check": run,
    }
    return type("Some", (Rule,), members)()


def finds(self: Rule, block: Block, project: Project) -> Iterator[Result]:
    yield self.finding(block, "found")


def doubts(self: Rule, block: Block, project: Project) -> Iterator[Result]:
    yield self.undetermined(block, "who knows")


def project(folder: Path, **files: str) -> Project:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.tf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return hcl.load(folder)


# --- severities ------------------------------------------------------------------------------


def test_the_severity_is_the_rules_unless_configured(tmp_path: Path) -> None:
    tree = project(tmp_path, main=USER % "")
    plain = scan(tree, [rule(finds)])
    changed = scan(tree, [rule(finds)], Settings(severities={"RF499": Severity.CRITICAL}))

    assert [f.severity for f in plain.findings] == [Severity.MEDIUM]
    assert [f.severity for f in changed.findings] == [Severity.CRITICAL]


def test_a_disabled_rule_is_suppressed_with_its_reason(tmp_path: Path) -> None:
    tree = project(tmp_path, main=USER % "")
    result = scan(
        tree, [rule(finds), rule(doubts, "RF498", "other")], Settings(disabled={"RF499": "why"})
    )

    assert result.findings == ()
    assert [f.suppression for f in result.suppressed] == [Suppression("config", "why")]
    assert len(result.undetermined) == 1


# --- inline suppressions ---------------------------------------------------------------------

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("comment", "reason", "notice"),
    [
        ("# checkov:skip=RF499:kept by the platform team", "kept by the platform team", ""),
        ("// checkov:skip=RF499:why", "why", ""),
        ("/* checkov:skip=RF499:why */", "why", ""),
        ("#checkov:skip=RF499: why ", "why", ""),
        ("# tfsec:ignore:x checkov:skip=RF499:why", "why", ""),
        ("# checkov:skip=CKV_AWS_1,RF499:why", "why", ""),
        ("# checkov:skip=RF499:why until=2026-06-01", "why until=2026-06-01", ""),
        ("# checkov:skip=RF499:until=2027-01-01, moves out", "until=2027-01-01, moves out", ""),
        ("# checkov:skip=RF499", None, "it gives no reason"),
        ("# checkov:skip=RF499:", None, "it gives no reason"),
        ("# checkov:skip=RF499:   ", None, "it gives no reason"),
        ("# checkov:skip=RF499:until=2027-01-01", None, "it gives no reason"),
        ("# checkov:skip=RF499:why until=2026-05-31", None, "it expired on 2026-05-31"),
        ("# checkov:skip=RF499:why until=2026-13-01", None, "until=2026-13-01 is no date"),
        ("# checkov:skip=RF499:why until=2027-1-1", None, "until=2027-1-1 is no date"),
        ("# checkov:skip=RF499:why until=20270101", None, "until=20270101 is no date"),
        ("# checkov:skip=RF499:why until=next year", None, "until=next is no date"),
        ("# checkov:skip=RF499:why until = 2026-05-31", None, "it expired on 2026-05-31"),
        ("# checkov:skip=RF498:why", None, "skip of RF498 does not count: there is no such rule"),
        ("# checkov:skip=rf499:why", None, "skip of rf499 does not count: write RF499"),
        ("# checkov:skip=CKV_AWS_1:why", None, ""),
        ("# bridgecrew:skip=RF499:why", "why", ""),
        ("# checkov:skip=all:why", None, ""),
        ("# checkov:skip=RF*:why", None, ""),
        ("# trivy:ignore:RF499:why", None, ""),
        ("# tfsec:ignore:RF499", None, ""),
        ("# kics-scan ignore-line RF499", None, ""),
        ("# nosec RF499 why", None, ""),
        ("# snyk:skip=RF499:why", None, ""),
        ("# skip=RF499:why", None, ""),
        ("# see checkov: skip RF499", None, ""),
        ("checkov_skip = 1", None, ""),
    ],
)
def test_inline_skips(tmp_path: Path, comment: str, reason: str | None, notice: str) -> None:
    tree = project(tmp_path, main=USER % f"  {comment}\n")
    result = scan(tree, [rule(finds)], Settings(today=TODAY))

    if reason is None:
        assert len(result.findings) == 1
        assert result.suppressed == ()
        assert [n.message for n in result.notices if notice in n.message] == [
            n.message for n in result.notices
        ]
        assert bool(result.notices) == bool(notice)
    else:
        assert result.findings == result.notices == ()
        (suppressed,) = result.suppressed
        assert suppressed.suppression is not None
        assert suppressed.suppression.reason == reason
        assert suppressed.suppression.location == Location("main.tf", 3)


def test_a_refused_skip_says_where_it_stands(tmp_path: Path) -> None:
    tree = project(tmp_path, main="\n\n" + USER % "\n  # checkov:skip=RF499\n")

    assert scan(tree, [rule(finds)]).notices == (
        ScanError("main.tf", 6, "skip of RF499 does not count: it gives no reason"),
    )


def test_a_second_skip_counts_when_the_first_does_not(tmp_path: Path) -> None:
    tree = project(tmp_path, main=USER % "  # checkov:skip=RF499\n  # checkov:skip=RF499:why\n")
    result = scan(tree, [rule(finds)])

    assert result.findings == ()
    assert len(result.suppressed) == len(result.notices) == 1


def test_without_a_clock_no_dated_skip_holds(tmp_path: Path) -> None:
    tree = project(tmp_path, main=USER % "  # checkov:skip=RF499:why until=2999-01-01\n")

    assert len(scan(tree, [rule(finds)]).findings) == 1
    assert len(scan(tree, [rule(finds)], Settings(today=TODAY)).suppressed) == 1


def test_a_skip_outside_of_the_block_is_none(tmp_path: Path) -> None:
    tree = project(tmp_path, main="# checkov:skip=RF499:why\n" + USER % "")

    assert len(scan(tree, [rule(finds)]).findings) == 1


def silent(self: Rule, block: Block, project: Project) -> Iterator[Result]:
    yield from ()


def test_a_skip_that_silences_nothing_is_said(tmp_path: Path) -> None:
    text = (USER % "  # checkov:skip=RF499:why\n") + (
        'resource "aws_s3_bucket" "b" {\n  # checkov:skip=CKV_AWS_1,RF499:why\n}\n'
    )
    result = scan(project(tmp_path, main=text), [rule(silent)])

    message = "skip of RF499 silences nothing: the rule says nothing about this block"
    assert result.notices == tuple(ScanError("main.tf", line, message) for line in (3, 6))


@pytest.mark.parametrize("check", [finds, doubts])
def test_a_skip_of_what_a_rule_says_is_of_use(tmp_path: Path, check: Check) -> None:
    text = USER % "  # checkov:skip=RF499:why\n"
    settings = Settings(disabled={"RF499": "not here"})

    assert scan(project(tmp_path, main=text), [rule(check)]).notices == ()
    assert scan(project(tmp_path, main=text), [rule(check)], settings).notices == ()


def test_a_skip_that_one_of_two_instances_needs_is_of_use(tmp_path: Path) -> None:
    def first(self: Rule, block: Block, project: Project) -> Iterator[Result]:
        if block.address.startswith("module.a."):
            yield self.finding(block, "found")

    calls = 'module "a" {\n  source = "./m"\n}\nmodule "b" {\n  source = "./m"\n}\n'
    text = USER % "  # checkov:skip=RF499:why\n"
    result = scan(project(tmp_path, main=calls, m__main=text), [rule(first)])

    assert (len(result.suppressed), result.notices) == (1, ())


def test_a_skip_above_the_block_is_said(tmp_path: Path) -> None:
    text = "\n# why\n# checkov:skip=RF499:why\n# and why\n" + USER % ""
    result = scan(project(tmp_path, main=text), [rule(finds)])

    message = "skip of RF499 does not count: write it inside the block"
    assert len(result.findings) == 1
    assert result.notices == (ScanError("main.tf", 3, message),)


@pytest.mark.parametrize("folder", ["main", "m__main"])
def test_a_skip_where_the_finding_is_shown_counts(tmp_path: Path, folder: str) -> None:
    key = 'resource "aws_iam_access_key" "k" {\n  user = "u"\n}\n'
    shown = "aws_iam_access_key.k.secret" if folder == "main" else "module.m.s"
    text = f'output "s" {{\n  # checkov:skip=RF701:why\n  value = {shown}\n}}\n'
    files = {folder: key, "outputs": text}
    if folder != "main":
        files["call"] = 'module "m" {\n  source = "./m"\n}\n'
        files["m__out"] = 'output "s" {\n  value = aws_iam_access_key.k.secret\n}\n'
    (rule,) = (rule for rule in rules.load() if rule.id == "RF701")
    result = scan(project(tmp_path, **files), [rule])

    assert result.findings == result.notices == ()
    assert [f.location.path for f in result.suppressed] == ["outputs.tf"]


def test_notices_of_the_loader_stay(tmp_path: Path) -> None:
    settings = Settings(notices=(ScanError(".", 0, "x"),))

    assert scan(project(tmp_path, main=USER % ""), [], settings).notices == settings.notices


@pytest.mark.parametrize("id", ["RF101", "RF106", "RF201", "RF501", "RF704", "RF904"])
def test_protected_rules_cannot_be_skipped_inline(tmp_path: Path, id: str) -> None:
    tree = project(tmp_path, main=USER % f"  # checkov:skip={id}:trust me\n")

    refused = scan(tree, [rule(finds, id)])
    allowed = scan(tree, [rule(finds, id)], Settings(inline_protected=True))

    assert len(refused.findings) == 1
    (notice,) = refused.notices
    assert notice.message == (
        f"skip of {id} does not count: skips of rules about keys need inline-skips-of-keys in "
        "rolefirst.toml"
    )
    assert len(allowed.suppressed) == 1
    assert allowed.findings == allowed.notices == ()


def test_which_rules_are_protected() -> None:
    ids = [f"RF{number}" for number in (101, 107, 201, 204, 301, 401, 501, 502, 601, 701, 704, 901)]

    assert [id for id in ids if PROTECTED.fullmatch(id)] == [
        "RF101", "RF107", "RF201", "RF204", "RF501", "RF704", "RF901",
    ]  # fmt: skip


# --- crashes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        item
        for item in vars(builtins).values()
        if isinstance(item, type)
        and issubclass(item, Exception)
        and not issubclass(item, Warning)
        and item is not Exception
        and item.__name__ != "ExceptionGroup"
    ],
)
def test_every_built_in_error_is_a_crash(error: type[Exception]) -> None:
    assert issubclass(error, CRASHES)


def test_a_message_for_the_user_is_no_crash() -> None:
    assert not issubclass(RolefirstError, CRASHES)


@pytest.mark.parametrize("error", [NameError, RecursionError, StopIteration, ImportError, KeyError])
def test_a_crash_is_an_error_and_stops_nobody(tmp_path: Path, error: type[Exception]) -> None:
    def breaks(self: Rule, block: Block, project: Project) -> Iterator[Result]:
        yield self.finding(block, "before")
        if block.name == "b":
            raise error("hunter2")
        yield self.finding(block, "after", attribute="after")

    tree = project(
        tmp_path, main="".join((USER % "").replace('"u"', f'"{name}"') for name in "abc")
    )
    result = scan(tree, [rule(breaks), rule(finds, "RF498", "other")])

    shown = "RuntimeError" if error is StopIteration else error.__name__  # what a generator makes
    assert result.errors == (
        ScanError("main.tf", 4, f"rule RF499 crashed ({shown}): please report this as a bug"),
    )
    assert {(f.rule.id, f.address[-1], f.message) for f in result.findings} == {
        ("RF499", "a", "before"),
        ("RF499", "a", "after"),
        ("RF499", "b", "before"),
        ("RF499", "c", "before"),
        ("RF499", "c", "after"),
        *(("RF498", name, "found") for name in "abc"),
    }
    assert gate(result, Severity.CRITICAL) == 2


def test_a_crash_of_a_disabled_rule_is_a_notice(tmp_path: Path) -> None:
    def breaks(self: Rule, block: Block, project: Project) -> Iterator[Result]:
        yield self.finding(block, "before")
        raise KeyError

    settings = Settings(disabled={"RF499": "it crashes"})
    result = scan(project(tmp_path, main=USER % ""), [rule(breaks)], settings)

    assert result.errors == ()
    assert len(result.suppressed) == len(result.notices) == 1


def test_a_crash_while_looking_for_blocks(tmp_path: Path) -> None:
    broken = rule(finds)

    def subjects(self: Rule, project: Project) -> Iterable[Block]:
        raise StopIteration

    type(broken).subjects = subjects  # type: ignore[method-assign]
    result = scan(project(tmp_path, main=USER % ""), [broken, rule(finds, "RF498", "other")])

    assert [error.path for error in result.errors] == ["."]
    assert len(result.findings) == 1


def test_a_crash_while_counting_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Project) -> tuple[object, ...]:
        raise KeyError("x")

    monkeypatch.setattr("rolefirst.decision.keys.keys", crash)
    result = scan(project(tmp_path, main=USER % ""), [rule(finds)])

    assert len(result.findings) == 1
    assert [error.message for error in result.errors] == [
        "the keys cannot be counted (KeyError): please report this as a bug"
    ]


def test_a_wrong_environment_ends_the_scan(tmp_path: Path) -> None:
    def stops(self: Rule, block: Block, project: Project) -> Iterator[Result]:
        raise InputError("the wrong hcl2")
        yield

    with pytest.raises(InputError):
        scan(project(tmp_path, main=USER % ""), [rule(stops)])


def test_a_remediation_that_crashes_leaves_the_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'resource "aws_iam_access_key" "k" {\n  user = "u"\n}\n'
    tree = project(tmp_path, main=text)
    result = scan(tree, rules.load())
    before = with_remediation(result, tree)

    def crash(*_: object) -> None:
        from jinja2 import UndefinedError

        raise UndefinedError("x")

    monkeypatch.setattr("rolefirst.facts.remediate", crash)
    after = with_remediation(result, tree)

    assert before.errors == ()
    assert len(after.findings) == len(before.findings)
    assert {error.path for error in after.errors} == {"main.tf"}
    assert "no remediation for aws_iam_access_key.k" in after.errors[0].message
    assert gate(after, Severity.CRITICAL) == 2


# --- order -----------------------------------------------------------------------------------


def test_what_is_said_twice_is_said_once(tmp_path: Path) -> None:
    def twice(self: Rule, block: Block, project: Project) -> Iterator[Result]:
        yield from [self.finding(block, "same")] * 2
        yield from [self.undetermined(block, "same")] * 2

    result = scan(project(tmp_path, main=USER % ""), [rule(twice)])

    assert (len(result.findings), len(result.undetermined)) == (1, 1)


def test_what_differs_only_in_its_text_or_root_stays(tmp_path: Path) -> None:
    def many(self: Rule, block: Block, project: Project) -> Iterator[Result]:
        for text in ("b", "a", "c"):
            yield self.finding(block, text)

    library = USER % ""
    call = 'module "m" {\n  source = "../library"\n}\n'
    tree = project(tmp_path, library__main=library, one__main=call, two__main=call)
    result = scan(tree, [rule(many)])

    assert [(f.root, f.message) for f in result.findings] == [
        (root, text) for root in ("one", "two") for text in ("a", "b", "c")
    ]


ORDER = """
import sys
from pathlib import Path
from rolefirst import rules
from rolefirst.loaders import hcl
from rolefirst.scan import scan
result = scan(hcl.load(Path(sys.argv[1])), rules.load())
print(repr(result).encode("ascii", "backslashreplace"))
"""


def test_the_result_does_not_depend_on_hash_seeds(tmp_path: Path) -> None:
    examples = Path(__file__).parents[1] / "examples"
    source = str(Path(__file__).parents[1] / "src")
    outcomes = {
        subprocess.run(
            [sys.executable, "-c", ORDER, str(examples)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": source},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(outcomes) == 1


def test_the_order_of_blocks_in_files_changes_no_verdict(tmp_path: Path) -> None:
    blocks = [
        USER % "",
        'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n',
        'resource "aws_ssm_parameter" "p" {\n  name  = "p"\n  type  = "SecureString"\n'
        "  value = local.secret\n}\n",
        "locals {\n  secret = aws_iam_access_key.k.secret\n}\n",
        'output "key" {\n  value = { id = aws_iam_access_key.k.id, secret = local.secret }\n}\n',
    ]
    verdicts = []
    for number in range(len(blocks)):
        turned = blocks[number:] + blocks[:number]
        if number % 2:
            turned.reverse()
        folder = tmp_path / str(number)
        tree = project(folder, **{f"f{index}": text for index, text in enumerate(turned)})
        result = scan(tree, rules.load())
        verdicts.append(
            {
                (f.rule.id, f.address, f.message, f.decision and f.decision.alternative)
                for f in result.findings
            }
        )

    assert all(verdict == verdicts[0] for verdict in verdicts)


# --- gate, allow, merge, below ---------------------------------------------------------------

FOUND = Finding(INFO, Severity.MEDIUM, Confidence.HIGH, ".", "a", PLACE, "x")
DOUBT = Undetermined(INFO, ".", "a", PLACE, "x")
ERROR = ScanError("main.tf", 1, "x")


@pytest.mark.parametrize(
    ("parts", "fail_on", "strict", "code"),
    [
        ({}, Severity.LOW, True, 0),
        ({"findings": (FOUND,)}, Severity.LOW, False, 1),
        ({"findings": (FOUND,)}, Severity.MEDIUM, False, 1),
        ({"findings": (FOUND,)}, Severity.HIGH, False, 0),
        ({"undetermined": (DOUBT,)}, Severity.LOW, False, 0),
        ({"undetermined": (DOUBT,)}, Severity.CRITICAL, True, 1),
        ({"suppressed": (FOUND,)}, Severity.LOW, True, 0),
        ({"notices": (ERROR,)}, Severity.LOW, True, 0),
        ({"errors": (ERROR,)}, Severity.CRITICAL, False, 2),
        ({"errors": (ERROR,), "findings": (FOUND,)}, Severity.LOW, False, 2),
    ],
)
def test_gate(parts: dict[str, tuple[object]], fail_on: Severity, strict: bool, code: int) -> None:
    result = ScanResult(1, 1, 1, **parts)  # type: ignore[arg-type]

    assert gate(result, fail_on, strict) == code


def test_allowed_files_may_fail_to_parse_but_rules_may_not_crash_there() -> None:
    crash = ScanError("templates/a.tf", 1, "rule RF101 crashed")
    unread = [
        ScanError("templates/a.tf", 3, "not valid HCL"),
        ScanError("main.tf", 3, "not valid HCL"),
    ]

    result = allow(ScanResult(1, 1, 1, errors=(crash, unread[0])), unread, ["templates/*"])

    assert result.errors == (unread[1], crash)
    assert result.notices == (unread[0],)


def test_what_is_found_unreadable_late_is_an_error_too() -> None:
    assert allow(ScanResult(1, 1, 1), [ERROR, ERROR]).errors == (ERROR,)


def test_merge_adds_up_and_says_the_same_once() -> None:
    one = ScanResult(1, 2, 3, (FOUND,), (DOUBT,), (FOUND,), (ERROR,), (ERROR,))

    assert merge([one, one]) == ScanResult(
        2, 4, 6, (FOUND,), (DOUBT,), (FOUND,), (ERROR,), (ERROR,)
    )
    assert merge([]) == ScanResult(0, 0, 0)


def test_below_names_every_place() -> None:
    decision = Decision(
        "ci",
        "oidc-federation",
        Confidence.HIGH,
        "",
        "",
        consumers=(Consumer("a", "b", "secret", PLACE),),
        evidence=(Evidence("name", "x", PLACE), Evidence("name", "y")),
    )
    whole = dataclasses.replace(
        FOUND,
        call_chain=(CallSite("module.a", PLACE),),
        related=(Related(PLACE, "x"),),
        decision=decision,
        suppression=Suppression("inline", "x", PLACE),
    )
    listed = ScanError("prod.tfvars", 1, "x")
    nowhere = ScanError("", 0, "x")
    result = ScanResult(1, 1, 1, (whole,), (DOUBT,), (whole,), (ERROR, listed, nowhere), (ERROR,))

    moved = below(result, "./envs/", ["prod.tfvars"])

    assert "path='main.tf'" not in repr(moved)
    assert repr(moved).count("path='envs/main.tf'") == repr(result).count("path='main.tf'")
    assert {f.root for f in (*moved.findings, *moved.suppressed)} == {"envs"}
    assert moved.undetermined[0].root == "envs"
    assert moved.errors[1:] == (listed, nowhere)
    assert below(result, ".", ["prod.tfvars"]) == result
