"""One block of the text report: a place in the code and everything the rules say about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rolefirst.findings import Decision, Finding
from rolefirst.reports import Detail, ReportContext
from rolefirst.reports.terminal import paint
from rolefirst.reports.text_excerpt import excerpt
from rolefirst.reports.text_lines import at, doubt, item, rule, say, span, titled, wrap
from rolefirst.reports.text_steps import Shown, remediation

#: Addresses of further instances that are listed.
_INSTANCES = 10


def blocks(findings: Iterable[Finding]) -> list[list[Finding]]:
    """The findings of each address together, the worst first, then by path and line.

    An address is one key, user, provider …: its rules belong together, wherever they point.
    """
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.root, finding.address), []).append(finding)
    # Both sorts are stable: what is equal stays in the order of the result.
    grouped = [sorted(block, key=lambda f: (-f.severity, f.rule.id)) for block in found.values()]
    return sorted(grouped, key=lambda block: (-block[0].severity, block[0].location))


def every(found: Iterable[Sequence[Finding]], context: ReportContext) -> Iterator[str]:
    """All blocks, with a blank line behind each; what several share stands in the first.

    Instances of one block that are judged alike are one block of the report.
    """
    shown: Shown = {}
    alike: dict[object, list[Sequence[Finding]]] = {}
    for findings in found:
        key = id(findings) if context.detail is Detail.FULL else _verdict(findings)
        alike.setdefault(key, []).append(findings)
    for first, *others in alike.values():
        yield from block(first, shown, context, [findings[0].address for findings in others])
        yield ""


def _verdict(findings: Sequence[Finding]) -> tuple[object, ...]:
    """What two instances of one block have in common when they are judged alike."""
    head = findings[0]
    decided = [(f.decision.category, f.decision.alternative) for f in findings if f.decision]
    return (
        head.root,
        head.location,
        tuple(site.location for site in head.call_chain),
        tuple((f.rule.id, f.severity) for f in findings),
        tuple(decided),
    )


def block(
    findings: Sequence[Finding],
    shown: Shown,
    context: ReportContext,
    instances: Sequence[str] = (),
) -> Iterator[str]:
    """The findings of one address: the source once, each rule, then what to do.

    ``instances`` are other addresses of which the same is to be said.
    """
    head, *others = findings
    yield f"{rule(head, context.color)}  {say(head.address)}{doubt(head)}"
    if instances:
        listed = ", ".join(map(say, instances[:_INSTANCES]))
        more = f" and {len(instances) - _INSTANCES} more" if len(instances) > _INSTANCES else ""
        yield from wrap(f"{listed}{more}", " and so: ", "    ", context)
    # Who reads the report can change the call; the block may stand in somebody else's library.
    for site in head.call_chain:
        yield f" --> {span(site.location)}  {say(site.address)}"
    yield f" --> {span(head.location)}"
    yield from excerpt(head.location, context)
    yield from wrap(say(head.message), "  ", "    ", context)
    yield from _related(head, context)
    for finding in others:
        yield from _also(finding, head, context)
    for decision in dict.fromkeys(f.decision for f in findings if f.decision):
        yield from _decision(decision, context)
    for written in dict.fromkeys(f.remediation for f in findings if f.remediation):
        yield from remediation(head, written, shown, context)


def _also(finding: Finding, head: Finding, context: ReportContext) -> Iterator[str]:
    """Another rule about the address of ``head``, with its place when that is another."""
    plain = rule(finding, color=False)
    text = f"{say(finding.message)}{doubt(finding)}"
    first, *rest = wrap(text, f"  {plain}: ", "    ", context)
    yield first.replace(plain, rule(finding, context.color), 1)
    yield from rest
    yield from _related(finding, context)
    if finding.location != head.location:
        yield f"    --> {span(finding.location)}"
        yield from (f"   {line}" for line in excerpt(finding.location, context))


def _related(finding: Finding, context: ReportContext) -> Iterator[str]:
    for related in finding.related:
        yield from item("- ", f"{at(related.location)} {say(related.label)}", context)


def _decision(decision: Decision, context: ReportContext) -> Iterator[str]:
    use = say(decision.summary or decision.alternative)
    word = "Not decided:" if decision.alternative == "ask-owner" else "Decision:"
    how = f"({say(decision.alternative)}, {decision.confidence.label} confidence)"
    # Wrapped with the plain label: color codes take no room.
    first, *rest = wrap(f"{use} {how}", f"  {word} ", "    ", context)
    yield first.replace(word, paint(word, "good", context.color), 1)
    yield from rest
    consumers = [
        f"{say(c.address)} {say(c.attribute)}".rstrip()
        + f" ({say(c.category)}, receives the {say(c.carries)}) {at(c.location)}"
        for c in decision.consumers
    ]
    yield from titled("Used by:", consumers, "- ", context)
    evidence = [
        f"{at(fact.location)} {say(fact.text)}" if fact.location else say(fact.text)
        for fact in decision.evidence
    ]
    yield from titled("Evidence:", evidence, "", context)
    passed = [f"{say(step.step)}: {say(step.reason)}" for step in decision.passed_over]
    yield from titled("Passed over:", passed, "- ", context)
    if decision.question:
        yield from wrap(say(decision.question), "  Ask the owner: ", "    ", context)
    if decision.unless:
        yield from wrap(f"{say(decision.unless)}.", "  Unless ", "    ", context)
