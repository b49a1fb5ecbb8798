"""What each finding changes in the code that is there: for ``fix`` and for machines, not for text.

A scan that is read by people shows new code and steps. Working out the edits costs more, so it is
done when somebody applies them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from jinja2 import TemplateError

from rolefirst.decision.keys import keys
from rolefirst.errors import CRASHES
from rolefirst.facts import Taken, facts_of, taken_by
from rolefirst.findings import (
    Decision,
    Edit,
    Finding,
    Location,
    Remediation,
    ScanError,
    ScanResult,
)
from rolefirst.iam.users import is_active
from rolefirst.loaders.hcl.blocks import HclBlock
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.project import Block, Project
from rolefirst.remediation import remediate
from rolefirst.remediation.filters import plain
from rolefirst.remediation.fixes import FIXES, fix_for
from rolefirst.remediation.keyfacts import KeyFacts
from rolefirst.remediation.names import names_for
from rolefirst.remediation.removal import Removal, removal
from rolefirst.remediation.switches import in_order, switch_edits

#: Templates of which nothing follows for the code as long as nobody has answered.
_NO_EDITS = ("ask_owner", "store_only", "vault_issued")
_STAYS = (
    "The edits leave the key where it is until nothing reads it any more; then `rolefirst fix "
    "--stage remove` takes it away"
)
_BLOCK = re.compile(r"^[a-z]+\b[^\n#]*\{", re.MULTILINE)


def with_edits(result: ScanResult, project: Project | None) -> ScanResult:
    """The same result with the edits of every finding, and with fixes for what is beside a key.

    What cannot be worked out is an error of the scan; the finding stands.
    """
    if not isinstance(project, HclProject):
        return result
    errors: list[ScanError] = []
    completing = _Completing(
        project,
        taken_by(result.findings),
        {(key.block.root, key.block.address): key.block for key in keys(project)},
        {(f.root, f.address) for f in result.findings if _leads_away(f)},
    )

    def completed(finding: Finding) -> Finding:
        try:
            return replace(finding, remediation=completing.remediation(finding))
        except (TemplateError, *CRASHES) as error:
            message = (
                f"no fix for {finding.rule.id} {finding.address} ({type(error).__name__}): please "
                "report this as a bug"
            )
            errors.append(ScanError(finding.location.path, finding.location.line, message))
            return finding

    findings = tuple(completed(finding) for finding in result.findings)
    return replace(result, findings=findings, errors=(*result.errors, *dict.fromkeys(errors)))


def _leads_away(finding: Finding) -> bool:
    """Whether what is to be done ends with the removal of the key."""
    remedy = finding.remediation
    return finding.decision is not None and remedy is not None and remedy.template not in _NO_EDITS


@dataclass(frozen=True, slots=True)
class _Completing:
    """What the findings of a scan have in common: the keys, and those that are to go."""

    project: HclProject
    taken: Taken
    keys: dict[tuple[str, str], Block]
    going: set[tuple[str, str]]

    def remediation(self, finding: Finding) -> Remediation | None:
        """The remediation with its edits; None where there is nothing to offer."""
        remedy = finding.remediation
        key = self.keys.get((finding.root, finding.address))
        if remedy is not None and finding.decision is not None:
            return self._of_key(key, finding.decision, remedy) if key is not None else remedy
        if remedy is not None or finding.rule.id not in FIXES:
            return remedy
        block = self.project.block_at(finding.root, finding.address, finding.location)
        return fix_for(finding, block, self.project) if block is not None else None

    def _of_key(self, key: Block, decision: Decision, remedy: Remediation) -> Remediation:
        facts = facts_of(key, decision, self.project, self.taken)
        label = names_for(remedy.template, facts).label
        file = posixpath.normpath(posixpath.join(facts.directory, f"{label}.tf"))
        remedy = replace(remedy, file=file if _BLOCK.search(remedy.terraform) else "")
        if remedy.template in _NO_EDITS or not remedy.terraform:
            return remedy
        by_consumer = dict(self._switched(key, decision, facts, label))
        edits = in_order(edit for made in by_consumer.values() for edit in made)
        if edits is None:  # two consumers in one place
            by_consumer, edits = {}, ()
        waiting = tuple(self._waiting(key, decision, facts, by_consumer, remedy))
        gone = Removal() if waiting else self._removed(key, decision, edits, remedy.terraform)
        if facts.consumer is not None and by_consumer.get(facts.consumer.address):
            steps = remediate(decision, replace(facts, switched=True)).steps
            remedy = replace(remedy, steps=steps)
        # Nobody knows who reads an output.
        outside = any(c.address not in by_consumer for c in decision.consumers)
        unsure = waiting or gone.left or (gone.edits and outside)
        return replace(
            remedy,
            edits=(*edits, *sorted(gone.edits, key=lambda edit: (edit.path, edit.start))),
            steps=(*remedy.steps, *waiting, *_left_steps(gone)),
            applicability="review" if unsure else remedy.applicability,
        )

    def _waiting(
        self,
        key: Block,
        decision: Decision,
        facts: KeyFacts,
        switched: Collection[str],
        remedy: Remediation,
    ) -> Iterator[str]:
        """What people have to do before the key may go: until then, somebody signs in with it."""
        takers = [c for c in decision.consumers if not c.address.startswith("output.")]
        left = [c for c in takers if c.address not in switched]
        if left and is_active(key) is not False:
            places = "; ".join(dict.fromkeys(f"{c.address} ({c.location})" for c in left))
            yield (f"Switch by hand what still takes the key: {plain(places, '', 600)}. {_STAYS}.")
        own = [mention for mention in facts.mentions if mention.own]
        if own and takers and remedy.file:
            near = Location(posixpath.join(facts.directory, "."), 0)
            found = (
                f"{m.address} ({block.location})" if block is not None else m.address
                for m in own
                for block in (self.project.block_at(key.root, m.address, near),)
            )
            places = "; ".join(dict.fromkeys(found))
            yield (
                f"Change what means the user in the copies of its policies: "
                f"{plain(places, '', 600)}. {_STAYS}."
            )

    def _switched(
        self, key: Block, decision: Decision, facts: KeyFacts, label: str
    ) -> Iterator[tuple[str, tuple[Edit, ...]]]:
        """By consumer, the edits that let it sign in with the role; none where that is by hand."""
        existing = decision.role.removeprefix(facts.module)
        if facts.consumer is None or (existing and not existing.startswith("aws_iam_role.")):
            return  # a role of another module has no name here
        role = existing.rpartition(".")[2] or label
        address = key.address.removeprefix(facts.module)
        others = {c.address: c for c in reversed(decision.consumers)}
        for consumer in {**others, facts.consumer.address: facts.consumer}.values():
            block = self.project.block_at(key.root, consumer.address, consumer.location)
            own = facts
            if consumer != facts.consumer:
                alone = replace(decision, consumers=(consumer,))
                own = facts_of(key, alone, self.project, self.taken)
            if block is None or own.workload.role != facts.workload.role:
                continue  # the new code gives its rights to the role of the first
            made = switch_edits(block, consumer.attribute, [address], role, own)
            if made is not None:  # without an edit it has the role already
                yield consumer.address, made

    def _removed(
        self, key: Block, decision: Decision, switched: tuple[Edit, ...], terraform: str
    ) -> Removal:
        """What goes away, if every instance of the key's code has a finding that lets it go."""
        stays = [
            f"{other.address} ({other.location})"
            for other in self.project.instances_of(key)
            if (other.root, other.address) not in self.going
        ]
        if stays or not isinstance(key, HclBlock):
            return Removal(left=tuple(dict.fromkeys(stays)) or (f"{key.address} ({key.location})",))
        return removal(key, decision, self.project, switched, terraform)


def _left_steps(gone: Removal) -> Iterator[str]:
    """What the edits do not do."""
    if gone.left:
        places = plain("; ".join(gone.left), "", 600)
        yield f"Remove by hand, because the edits leave it alone: {places}."
    elif gone.user:
        places = plain("; ".join(gone.user), "", 600)
        yield f"Remove the user by hand when nothing needs it any more, which today does: {places}."
