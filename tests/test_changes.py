from __future__ import annotations

import subprocess
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


def test_only_what_is_new_or_touched_stays() -> None:
    old, touched = finding(), finding("changed.tf", 7, 7)
    new = finding("new.tf", 1, 1)
    before = {old.fingerprint}
    result = ScanResult(1, 1, 1, (old, touched))
    judged = only_new(result, Changes({"changed.tf": (7,)}), before, "main")
    assert judged.findings == (touched,)
    assert [f.suppression.kind for f in judged.suppressed if f.suppression] == ["unchanged"]
    nothing_before = only_new(ScanResult(1, 1, 1, (new,)), Changes({}), set(), "main")
    assert nothing_before.findings == (new,)
