"""Names in code come from the pull request: they may be anything, and stay nothing but names.

This is the place for hostile code of every kind; ``test_remediation`` has the same for facts as no
loader would hand them on, and the tests of platforms and vendors for what their trust rests on.
"""

from __future__ import annotations

import re

import pytest
from cases import Case, cases
from checks import blocks, breakouts, fix, write_tree
from key_shapes import HOSTILE

from rolefirst.remediation.filters import hcl

#: The second time in a module or for another user a case says the same again.
CASES = [case for case in cases() if not case.name.endswith((" in a module", " managed"))]
_NAMES = re.compile(r'(\b(?:\w*name|\w*key|namespace|alias|family|Project) += )"[^"$\n]+"')


def spelled(text: str) -> str:
    """The code with a hostile name wherever it has one of its own."""
    return _NAMES.sub(lambda found: found[1] + hcl(HOSTILE), text)


#: What the name itself was about: no root user, two users, no key.
ANOTHER = ("rf201_user_root", "rf301_module", "rf704_literal")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.template or 'fixes'}: {case.name}")
def test_a_hostile_name_stays_a_name(case: Case, tmp_path):
    write_tree(tmp_path, {path: spelled(text) for path, text in case.files.items()})
    made = fix(tmp_path, lambda finding: finding.rule.id == case.rule)
    assert bool(made) is (case.name not in ANOTHER)
    for remediation in made:
        assert breakouts(remediation) == []
    for file in tmp_path.rglob("*.tf"):
        assert "evil" not in {kind for kind, _, _ in blocks(file.read_text("utf-8"), "resource")}


def test_most_cases_have_a_name():
    assert sum(any(map(_NAMES.search, case.files.values())) for case in CASES) > 0.9 * len(CASES)
