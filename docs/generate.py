"""Writes what is generated in the documentation: parts of README.md and a page per rule.

    python docs/generate.py            rewrite
    python docs/generate.py --check    only say what is out of date, with exit code 1

Everything comes from the program itself: the report in README.md is what the command prints, and
the rule pages are the rules' docstrings.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from rolefirst import rules
from rolefirst.rules.base import Rule, page

REPOSITORY = Path(__file__).resolve().parent.parent
README = REPOSITORY / "README.md"
RULE_PAGES = REPOSITORY / "docs" / "rules"

#: The finding that README.md shows.
SHOWN = "RF101 access_key_last_resort  aws_iam_access_key.ci"
_HEADER = re.compile(r"^(?:critical|high|medium|low) RF\d{3} ", re.MULTILINE)


def stem(rule: Rule) -> str:
    """The name of the rule's module and of its page."""
    return type(rule).__module__.rpartition(".")[2]


def rule_table() -> str:
    """All rules with a link to their pages."""
    rows = ["| rule | severity | says |", "|--|--|--|"]
    rows += [
        f"| [{rule.id}](docs/rules/{stem(rule)}.md) | {rule.severity.label} | {rule.info.title} |"
        for rule in rules.load()
    ]
    return "\n".join(rows)


def scan_report() -> str:
    """What scanning the insecure example prints, cut to one finding's verdict and the last line."""
    environment = {name: text for name, text in os.environ.items() if name != "FORCE_COLOR"}
    done = subprocess.run(
        [sys.executable, "-m", "rolefirst", "scan", "examples/insecure"],
        cwd=REPOSITORY,
        env={**environment, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode != 1:
        raise SystemExit(f"error: the scan ended with {done.returncode}\n{done.stderr}")
    starts = [match.start() for match in _HEADER.finditer(done.stdout)]
    ends = [*starts[1:], len(done.stdout)]
    findings = [done.stdout[a:b] for a, b in zip(starts, ends, strict=True)]
    shown = next((text for text in findings if SHOWN in text.splitlines()[0]), None)
    if shown is None:
        raise SystemExit(f"error: the report has no finding {SHOWN!r}")
    verdict = shown.partition("\n  Terraform (")[0]
    summary = done.stdout.strip().splitlines()[-1]
    return f"```text\n{verdict}\n  [the Terraform, the steps, the other findings]\n\n{summary}\n```"


def fill(text: str, blocks: Mapping[str, str]) -> str:
    """``text`` with what stands between each pair of markers replaced."""
    for name, content in blocks.items():
        start, end = f"<!-- output:{name} -->", f"<!-- /output:{name} -->"
        before, found, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise SystemExit(f"error: README.md lacks {start} … {end}")
        text = f"{before}{start}\n{content}\n{end}{after}"
    return text


def generated() -> dict[Path, str]:
    """Every generated file with what it should hold."""
    blocks = {"scan": scan_report(), "rules": rule_table()}
    files = {README: fill(README.read_text(encoding="utf-8"), blocks)}
    for rule in rules.load():
        files[RULE_PAGES / f"{stem(rule)}.md"] = page(rule)
    return files


def outdated(wanted: Mapping[Path, str]) -> list[Path]:
    """Files that are not what they should be, among them pages of rules that are gone."""
    changed = [
        path
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    return changed + sorted(set(RULE_PAGES.glob("*.md")) - set(wanted))


def main() -> int:
    """Rewrite or check, as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    wanted = generated()
    stale = outdated(wanted)
    for path in stale:
        print(f"{path.relative_to(REPOSITORY)}: {'out of date' if check else 'updated'}")
        if check:
            continue
        if path in wanted:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
