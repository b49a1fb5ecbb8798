from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from rolefirst.changes import Changes, only_new, read
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
    ScanResult,
    Severity,
    Undetermined,
)

RULE = RuleInfo("RF101", "access_key_last_resort", "A key", Severity.HIGH)
KEY = '\nresource "aws_iam_access_key" "ci" {\n  user = "ci"\n}\n'


def diff(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> Changes:
    """What git says about two versions of some files."""
    for folder, files in (("a", before), ("b", after)):
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    done = subprocess.run(
        ("git", "-c", "core.quotePath=false", "diff", "--no-index", "-U0", "-M", "a", "b"),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    # Outside of a repository both folders are parts of the names.
    return read(done.stdout.replace(b"+++ b/b/", b"+++ b/").replace(b'+++ "b/b/', b'+++ "b/'))


def finding(path: str = "main.tf", line: int = 3, end: int = 5, **more: object) -> Finding:
    place = Location(path, line, 1, end, 2)
    return Finding(RULE, Severity.HIGH, Confidence.HIGH, ".", "k", place, "a key", **more)  # type: ignore[arg-type]


def test_lines_that_are_written(tmp_path: Path) -> None:
    changes = diff(tmp_path, {"x.tf": "a\nb\nc\n"}, {"x.tf": "a\nB\nc\nd\n"})
    assert changes.lines == {"x.tf": (2, 4)}


def test_lines_that_are_gone_stand_between_their_neighbours(tmp_path: Path) -> None:
    changes = diff(tmp_path, {"x.tf": "a\nb\nc\n"}, {"x.tf": "a\nc\n"})
    assert changes.lines == {"x.tf": (1.5,)}
    assert changes.touches(finding("x.tf", 1, 2))
    assert not changes.touches(finding("x.tf", 1, 1))
    assert not changes.touches(finding("x.tf", 2, 2))


def test_a_new_file_is_changed_whole(tmp_path: Path) -> None:
    changes = diff(tmp_path, {"x.tf": "a\n"}, {"x.tf": "a\n", "new.tf": KEY})
    assert changes.lines == {"new.tf": (2, 3)}


def test_a_renamed_file_is_not_changed(tmp_path: Path) -> None:
    assert diff(tmp_path, {"x.tf": KEY}, {"y.tf": KEY}).lines == {}


def test_a_block_that_moves_is_not_changed(tmp_path: Path) -> None:
    before = {"x.tf": "a = 1\n" + KEY + "b = 2\n", "y.tf": "c = 3\n"}
    after = {"x.tf": "a = 1\nb = 2\n", "y.tf": "c = 3\n" + KEY.replace("  user", "    user")}
    changes = diff(tmp_path, before, after)
    assert not changes.touches(finding("y.tf", 3, 5))


def test_a_copy_is_no_move(tmp_path: Path) -> None:
    before = {"x.tf": KEY, "y.tf": "c = 3\n"}
    after = {"x.tf": KEY, "y.tf": "c = 3\n" + KEY}
    assert diff(tmp_path, before, after).touches(finding("y.tf", 3, 5))


def test_brackets_and_blank_lines_say_nothing(tmp_path: Path) -> None:
    before = {"x.tf": KEY}
    after = {"x.tf": KEY.replace("\n}", "\n\n  \n}\n\n")}
    assert diff(tmp_path, before, after).lines == {}


def test_content_that_looks_like_a_header(tmp_path: Path) -> None:
    before = {"x.tf": "-- a/z.tf\n++ b/z.tf\nend\n"}
    after = {"x.tf": "++ b/evil.tf\n@@ -1 +1 @@\nend\n"}
    assert set(diff(tmp_path, before, after).lines) == {"x.tf"}


def test_a_file_without_a_last_newline(tmp_path: Path) -> None:
    changes = diff(tmp_path, {"x.tf": "a\nb"}, {"x.tf": "a\nc"})
    assert changes.lines == {"x.tf": (2,)}


@pytest.mark.parametrize("name", ["a b.tf", 'q"uote.tf', "tab\t.tf", "ä日.tf", "back\\slash.tf"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    assert diff(tmp_path, {"x": ""}, {"x": "", name: "one\n"}).lines == {name: (1,)}


def test_every_place_of_a_finding_counts() -> None:
    changed = Location("changed.tf", 7)
    decision = Decision("ci", "oidc-federation", Confidence.HIGH, "", "oidc")
    consumer = Consumer("output.x", "value", "secret", changed)
    chains: list[dict[str, object]] = [
        {"call_chain": (CallSite("module.a", changed),)},
        {"related": (Related(changed, "the policy"),)},
        {"decision": Decision("ci", "x", Confidence.HIGH, "", "", consumers=(consumer,))},
        {
            "decision": Decision(
                "ci", "x", Confidence.HIGH, "", "", evidence=(Evidence("a", "b", changed),)
            )
        },
    ]
    changes = Changes({"changed.tf": (7,)})
    assert all(changes.touches(finding(**chain)) for chain in chains)
    assert not changes.touches(finding(decision=decision))
    assert not Changes({"changed.tf": (6, 8)}).touches(finding(**chains[0]))


def judged(now: ScanResult, before: ScanResult, *lines: int, gone: str = "") -> ScanResult:
    """What is left when these lines of changed.tf have changed."""
    return only_new(now, Changes({"changed.tf": lines}), before, "main", lambda root: root != gone)


def test_only_what_is_new_or_touched_stays() -> None:
    old, touched = finding(), finding("changed.tf", 7, 7)
    after = judged(result(old, touched), result(old), 7)
    assert after.findings == (touched,)
    assert [f.suppression.kind for f in after.suppressed if f.suppression] == ["unchanged"]
    assert judged(result(old), result()).findings == (old,)


@pytest.mark.parametrize(
    "change",
    [
        {"message": "a key with more rights"},
        {"severity": Severity.CRITICAL},
        {"related": (Related(Location("p.tf", 1), "another policy"),)},
        {"decision": Decision("ci", "roles-anywhere", Confidence.HIGH, "", "")},
    ],
)
def test_what_says_something_else_is_new(change: dict[str, object]) -> None:
    now = replace(finding(), **change)  # type: ignore[arg-type]
    assert judged(result(now), result(finding())).findings == (now,)


def test_a_key_that_reaches_somebody_new_is_new() -> None:
    def used_by(*addresses: str) -> Finding:
        place = Location("main.tf", 9)
        users = tuple(Consumer(a, "value", "secret", place) for a in addresses)
        return finding(decision=Decision("ci", "x", Confidence.HIGH, "", "", consumers=users))

    now = used_by("output.a", "output.b")
    assert judged(result(now), result(used_by("output.a"))).findings == (now,)
    assert judged(result(used_by("output.a")), result(used_by("output.a"))).findings == ()


def test_a_renamed_root_module_is_not_new() -> None:
    there, here = replace(finding(), root="old"), replace(finding("new/main.tf"), root="new")
    assert judged(result(here), result(there), gone="old").findings == ()
    assert judged(result(here), result(there)).findings == (here,)


def test_what_cannot_be_told_is_new_or_left_out() -> None:
    def untold(reason: str, path: str = "main.tf") -> Undetermined:
        return Undetermined(RULE, ".", "k", Location(path, 7), reason)

    before = replace(result(), undetermined=(untold("var.x"),))
    same = replace(result(), undetermined=(untold("var.x"),))
    other = replace(result(), undetermined=(untold("var.y"),))
    touched = replace(result(), undetermined=(untold("var.x", "changed.tf"),))
    after = judged(same, before)
    assert after.undetermined == ()
    assert "1 results that cannot be told are not changed since main" in after.notices[0].message
    assert judged(other, before).undetermined == other.undetermined
    assert judged(touched, before, 7).undetermined == touched.undetermined
    assert judged(same, result()).undetermined == same.undetermined


def result(*findings: Finding) -> ScanResult:
    return ScanResult(1, 1, 1, findings)
