"""Would a rule's own fixtures notice that the rule is wrong?

    python tests/mutate.py [RF401 …]                the verdicts of each rule, turned around
    python tests/mutate.py --conditions [RF401 …]   each condition of the rule's module as well

A mutant is a rule with one mistake in it. It is caught when a fixture of that rule or an example
of its docstring no longer fits. The exit code is 1 when a turned verdict is not caught. Conditions
that are not caught are listed to be looked at: either a fixture shows another severity or message,
about which markers say nothing and tests of the rule's own have to, or no fixture shows anything.
"""

from __future__ import annotations

import argparse
import ast
import copy
import inspect
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from rolefirst import rules, testing
from rolefirst.findings import Finding
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule
from rolefirst.scan import scan

FIXTURES = Path(__file__).parent / "rules"

Check = Callable[[Block, Project], Iterable[Result]]


@dataclass(frozen=True)
class Fixture:
    """A tree, read once for all mutants, with what the rule must say about it."""

    project: Project
    claims: frozenset[testing.Marker]


@dataclass(frozen=True)
class Mutant:
    """A rule with one mistake, and which."""

    rule: Rule
    mistake: str


def fixtures(rule: Rule, stack: ExitStack) -> list[Fixture]:
    """The fixtures of a rule and the examples of its docstring."""
    folder = FIXTURES / type(rule).__module__.rpartition(".")[2]
    trees = [testing.example(rule, section) for section in ("Bad", "Good")]
    trees += [
        testing.read(path)
        for path in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if path.is_dir() or path.suffix == ".tf"
    ]
    return [_fixture(rule, tree, stack) for tree in trees]


def _fixture(rule: Rule, files: dict[str, str], stack: ExitStack) -> Fixture:
    root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rolefirst-")))
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    claims = (
        marker
        for path, text in files.items()
        if path.endswith(testing._SUFFIXES)
        for marker in testing.markers(path, text)
        if marker.rule == rule.id and marker.kind != "todo"
    )
    return Fixture(testing.load(root), frozenset(claims))


def caught(rule: Rule, trees: Iterable[Fixture]) -> bool:
    """Whether a fixture does not fit what the rule says, or the rule crashes on it."""
    for tree in trees:
        before = len(tree.project.errors)
        result = scan(tree.project, [rule])
        if len(result.errors) > before or testing.results(result) != tree.claims:
            return True
    return False


def said(rule: Rule, trees: Iterable[Fixture]) -> list[tuple[object, ...]]:
    """Everything a rule says about its fixtures, with severities and messages."""
    results = [scan(tree.project, [rule]) for tree in trees]
    return [(result.findings, result.undetermined) for result in results]


# --- verdicts --------------------------------------------------------------------------------


def verdicts(rule: Rule, trees: Iterable[Fixture]) -> Iterator[Mutant]:
    """The rule with its results turned around, each in one way that its fixtures know about."""

    def silent(block: Block, project: Project) -> Iterator[Result]:
        yield from ()

    def blanket(block: Block, project: Project) -> Iterator[Result]:
        yield rule.finding(block, "always")

    def sure(block: Block, project: Project) -> Iterator[Result]:
        for result in rule.check(block, project):
            guess = not isinstance(result, Finding)
            yield rule.finding(block, "a guess", at=result.location) if guess else result

    def lax(block: Block, project: Project) -> Iterator[Result]:
        yield from (r for r in rule.check(block, project) if isinstance(r, Finding))

    def unsure(block: Block, project: Project) -> Iterator[Result]:
        for result in rule.check(block, project):
            yield rule.undetermined(block, "who knows", at=result.location)

    kinds = {claim.kind for tree in trees for claim in tree.claims}
    yield _with(rule, silent, "says nothing")
    yield _with(rule, blanket, "says it of every block")
    yield _with(rule, unsure, "is sure of nothing")
    if "undetermined" in kinds:
        yield _with(rule, sure, "guesses what is unknown")
        yield _with(rule, lax, "lets pass what is unknown")


def _with(rule: Rule, check: Check, mistake: str) -> Mutant:
    mutant = copy.copy(rule)
    mutant.check = check  # type: ignore[method-assign,assignment]
    return Mutant(mutant, mistake)


# --- conditions ------------------------------------------------------------------------------


def conditions(rule: Rule) -> Iterator[Mutant]:
    """The rule with one condition of its module negated."""
    module = sys.modules[type(rule).__module__]
    text = inspect.getsource(module)
    count = sum(1 for _ in _tests(ast.parse(text)))
    for number in range(count):
        tree = ast.parse(text)
        node, field, index = list(_tests(tree))[number]
        test = getattr(node, field) if index is None else getattr(node, field)[index]
        negated = ast.copy_location(ast.UnaryOp(ast.Not(), test), test)
        if index is None:
            setattr(node, field, negated)
        else:
            getattr(node, field)[index] = negated
        made = ModuleType(module.__name__)
        code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")
        exec(code, made.__dict__)
        mistake = f"{Path(str(module.__file__)).name}:{test.lineno}: not ({ast.unparse(test)})"
        yield Mutant(rules._rule_of(made), mistake)


def _tests(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Where conditions stand: node, field and, in a comprehension, which of its conditions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp) and ast.unparse(node.test) != "TYPE_CHECKING":
            yield node, "test", None
        elif isinstance(node, ast.comprehension):
            yield from ((node, "ifs", index) for index in range(len(node.ifs)))


# --- command ---------------------------------------------------------------------------------


def survivors(rule: Rule, deep: bool = False) -> tuple[list[str], list[str], int]:
    """Verdicts and conditions that no fixture catches, and how many mutants there were."""
    with ExitStack() as stack:
        trees = fixtures(rule, stack)
        if caught(rule, trees):
            return ["its fixtures fail as it is"], [], 0
        turned = list(verdicts(rule, trees))
        negated = list(conditions(rule)) if deep else []
        missed = [mutant for mutant in negated if not caught(mutant.rule, trees)]
        right = said(rule, trees) if missed else []
        return (
            [mutant.mistake for mutant in turned if not caught(mutant.rule, trees)],
            [
                f"{mutant.mistake} (no fixture shows it)"
                if said(mutant.rule, trees) == right
                else f"{mutant.mistake} (only severity or message)"
                for mutant in missed
            ],
            len(turned) + len(negated),
        )


def main() -> int:
    """Try the rules that are named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rules", nargs="*", metavar="RULE")
    parser.add_argument("--conditions", action="store_true", help="negate each condition as well")
    options = parser.parse_args()
    loaded = [rule for rule in rules.load() if not options.rules or rule.id in options.rules]
    if not loaded:
        parser.error("there is no such rule")
    total = failed = 0
    for rule in loaded:
        verdict, condition, count = survivors(rule, options.conditions)
        total += count
        failed += bool(verdict)
        missed = len(verdict) + len(condition)
        print(f"{rule.id} {rule.name}: {count - missed} of {count} caught", flush=True)
        for mistake in (*verdict, *condition):
            print(f"  not caught: {mistake}")
    print(f"{total} mutants of {len(loaded)} rules, {failed} rules with a wrong verdict not caught")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
