"""The proof that every remediation is right, as one command that prints a table.

Every template is rendered from real shapes of code (``cases.py``) and held to four things: what is
written is formatted; it fits the slim schema of its providers; the tree with it is accepted by
``terraform validate`` as far as it is AWS; and when it is applied, stage by stage and with what its
steps leave to people before the last one, the finding is gone and nothing new is found.

    python tests/remediation/prove.py [--validate COMMAND] [--markdown]

The exit code is 1 when one of these is not so. ``-`` stands where a tool is missing: without
Terraform nothing is formatted or validated. ``COMMAND`` takes a directory and exits with 0 when it
is valid; it is for who has no registry to run ``terraform init`` with.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aws_part import has_registry, invalid, roots
from cases import ANSWERS, Case, cases
from checks import TERRAFORM, fix, misfits, places, scanned, unformatted, write_tree

from rolefirst.exceptions.registers import REGISTER
from rolefirst.findings import Finding, Remediation

COLUMNS = ("fmt", "schema", "validate", "rescan")
FIXES = Path(__file__).parents[2] / "templates" / "remediation" / "fixes"
#: The code for a person is that of a key, with steps of its own.
STEPS = {"RF107": {"fixes/person"}}
#: What the owner and whoever approves write into the proposal for the register.
APPROVED = {
    '"what the key is for"': '"Nightly export"',
    '["service:Action"]': '["s3:GetObject", "s3:PutObject"]',
    '["range/length"]': '["203.0.113.0/24"]',
    '"where and how often its use is reviewed"': '"Monthly"',
    'owner: "team"': 'owner: "storage-team@corp.example"',
    '"when or by what event it is switched off"': '"At the end of the contract"',
    '"somebody else"': '"security@corp.example"',
    "approved_on: YYYY-MM-DD": "approved_on: 2026-05-01",
    "expires: YYYY-MM-DD": "expires: 2027-04-30",
}


@dataclass(frozen=True)
class Proof:
    """One case with its remediations and what is wrong with them, by column.

    ``folder`` has the trees ``before`` and ``after``, and what was rendered.
    """

    case: Case
    templates: tuple[str, ...]
    folder: Path
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def prove(case: Case, folder: Path) -> Proof:
    """Render, apply and rescan one case."""
    root = folder / "after"
    for tree in (folder / "before", root):
        write_tree(tree, case.files)
    before = scanned(root)
    mine = {place for place in places(before.findings) if place[0] == case.rule}
    made = fix(root, lambda finding: finding.rule.id == case.rule, "add")
    names = {template_of(each.template, case) for each in made}
    proof = Proof(case, tuple(sorted(names | STEPS.get(case.rule, set()))), folder)
    wrong = proof.wrong["rescan"]
    if len(made) < len(mine) or not made:
        wrong.append("a finding has no remediation")
    if case.template not in ("", *names):
        wrong.append(f"another template than {case.template}")
    wrong += _unlike_its_claim(case, made)
    for number, each in enumerate(made):
        (folder / f"rendered_{number}.tf").write_text(each.terraform, encoding="utf-8")
        proof.wrong["schema"] += misfits(each.terraform)
    answer(root)

    def still_there(finding: Finding) -> bool:
        return (finding.rule.id, finding.address) in mine

    fix(root, still_there, "switch")
    fix(root, still_there, "remove")
    if case.by_hand:
        if case.rule not in {finding.rule.id for finding in scanned(root).findings}:
            wrong.append("nothing was left to do by hand")
        wrong += _by_hand(root, case.by_hand)
        fix(root, still_there, "remove")
    answer(root)
    after = scanned(root)
    wrong += [f"{f.rule.id} {f.address} is there" for f in after.findings if f.rule.id == case.rule]
    for said in ("findings", "undetermined"):
        now = {_as_before(place, case) for place in places(getattr(after, said))} - case.moved
        wrong += [f"new: {' '.join(place)}" for place in now - places(getattr(before, said))]
    return proof


def template_of(name: str, case: Case) -> str:
    """A template by its path below ``templates/remediation``."""
    return f"fixes/{name}" if (FIXES / f"{name}.tf.j2").exists() and not case.template else name


def _unlike_its_claim(case: Case, made: Iterable[Remediation]) -> Iterator[str]:
    for each in made:
        if not each.steps:
            yield "no steps"
        if case.claim == "steps" and (each.edits or each.file):
            yield "more than steps"
        if case.claim == "code" and (each.edits or not each.file):
            yield "not new code alone"
        if case.claim and (each.applicability == "safe") is not (case.claim == "safe"):
            yield f"{each.applicability} instead of {case.claim}"


def answer(root: Path) -> None:
    """What people decide: the values of new variables, and the register of keys that stay."""
    text = "".join(file.read_text("utf-8") for file in sorted(root.glob("*.tf")))
    asked = re.findall(r'^variable "(\w+)" \{\n(?:(?!\}|  default).*\n)*\}', text, re.MULTILINE)
    known = {name: ANSWERS.get(name.rpartition("_")[2]) for name in asked}
    lines = [f"{name} = {value}\n" for name, value in known.items() if value]
    (root / "terraform.tfvars").write_text("".join(lines), encoding="utf-8")
    proposal = re.search(r"^# exceptions:\n(?:#.*\n)+", text, re.MULTILINE)
    if proposal:
        register = re.sub(r"(?m)^# ?", "", proposal[0])
        for old, new in APPROVED.items():
            register = register.replace(old, new)
        (root / REGISTER).write_text(register, encoding="utf-8")


def _by_hand(root: Path, replacements: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Make the changes of people; one that changes nothing anywhere is wrong."""
    changed = False
    for file in root.rglob("*.tf"):
        text = new = file.read_text("utf-8")
        for old, by in replacements:
            new = re.sub(old, by, new)
        if new != text:
            changed = True
            file.write_text(new, encoding="utf-8")
    if not changed:
        yield "what is done by hand changes nothing"


def _as_before(place: tuple[str, str], case: Case) -> tuple[str, str]:
    """The place of what is said of a key, under the name of the key whose place that one takes."""
    rule, address = place
    return rule, re.sub(*case.renamed, address) if case.renamed else address


def prove_all(folder: Path, chosen: Sequence[Case]) -> list[Proof]:
    """Every case below one folder, with what does not need a registry."""
    proofs = []
    for number, case in enumerate(chosen):
        (folder / str(number)).mkdir()
        proofs.append(prove(case, folder / str(number)))
    if TERRAFORM:
        bad = unformatted(folder)
        for proof in proofs:
            proof.wrong["fmt"] += badly_formatted(proof.folder, bad)
    return proofs


def badly_formatted(folder: Path, bad: set[Path]) -> Iterator[str]:
    """What is not formatted: new code, and code that was before."""
    for file in sorted(bad):
        if file.is_relative_to(folder / "after"):
            name = file.relative_to(folder / "after")
            if folder / "before" / name not in bad:
                yield f"{name} is not formatted"
        elif file.is_relative_to(folder) and not file.is_relative_to(folder / "before"):
            yield f"{file.name} is not formatted"


def validate(proofs: Sequence[Proof], folder: Path, command: str | None) -> bool:
    """Fill in the column ``validate``; False when there is no registry and no command for it."""
    trees = [(name, proof.folder / "after") for proof in proofs for name in proof.templates]
    made = roots(trees, folder / "aws")
    if command is None and not has_registry(next(iter(made.values()))):
        return False
    for template, root in made.items():
        problem = invalid(root, command)
        if problem:
            first = next(proof for proof in proofs if template in proof.templates)
            first.wrong["validate"].append(problem)
    return True


def table(proofs: Iterable[Proof], missing: set[str]) -> list[list[str]]:
    """A row per template: its shapes, how many of them people finish by hand, and the columns."""
    of = defaultdict(list)
    for proof in proofs:
        for template in proof.templates:
            of[template].append(proof)
    rows = [["template", "shapes", "by hand", "fmt", "schema", "validate (AWS part)", "rescan"]]
    for template in sorted(of, key=lambda name: ("/" in name, name)):
        found = of[template]
        cells = [
            "-" if column in missing else "no" if any(p.wrong[column] for p in found) else "yes"
            for column in COLUMNS
        ]
        by_hand = sum(bool(proof.case.by_hand) for proof in found)
        rows.append([template, str(len(found)), str(by_hand or ""), *cells])
    return rows


def shown(rows: list[list[str]], markdown: bool) -> str:
    """The table as text or as Markdown."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    if not markdown:
        return "".join("  ".join(line).rstrip() + "\n" for line in lines)
    lines.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove, print, and say whether all of it is so."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--validate", metavar="COMMAND", help="in place of terraform init and validate"
    )
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        proofs = prove_all(Path(name), cases())
        missing = set() if TERRAFORM else {"fmt", "validate"}
        if TERRAFORM and not validate(proofs, Path(name), options.validate):
            missing.add("validate")
    print(shown(table(proofs, missing), options.markdown), end="")
    wrong = [(p, c, what) for p in proofs for c in COLUMNS for what in dict.fromkeys(p.wrong[c])]
    for proof, column, what in wrong:
        print(f"{', '.join(proof.templates)}: {proof.case.name}: {column}: {what}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
