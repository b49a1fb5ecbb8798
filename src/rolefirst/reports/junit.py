"""The JUnit XML report, for CI systems that show tests.

One test suite per root module, one test case per finding. What cannot be told, what is suppressed
and what does not fail the gate is skipped, what could not be read is an error. The dialect is the
one that Jenkins, GitLab and Azure DevOps read (https://github.com/testmoapp/junitxml).
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from rolefirst.findings import Finding, Location, ScanError, ScanResult, Undetermined
from rolefirst.reports import ReportContext, ci
from rolefirst.reports.text_lines import say, until

_Case = tuple[str, ElementTree.Element]


def render(result: ScanResult, context: ReportContext) -> str:
    """The result as one ``testsuites`` document."""
    cases: list[_Case] = [
        *((finding.root, _found(finding, context)) for finding in result.findings),
        *((finding.root, _suppressed(finding, context)) for finding in result.suppressed),
        *((entry.root, _undetermined(entry, context)) for entry in result.undetermined),
        *((".", _error(error, context)) for error in result.errors),
    ]
    if not cases:
        # Some systems fail a job whose report holds no test at all.
        nothing = f"no findings in {result.files} files"
        cases.append((".", ElementTree.Element("testcase", classname="rolefirst", name=nothing)))
    suites = ElementTree.Element(
        "testsuites", {"name": "rolefirst", **_counts(e for _, e in cases)}
    )
    for root in dict.fromkeys(root for root, _ in cases):
        inside = [element for at, element in cases if at == root]
        suite = ElementTree.SubElement(suites, "testsuite", {"name": say(root), **_counts(inside)})
        suite.extend(inside)
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counts(cases: Iterable[ElementTree.Element]) -> dict[str, str]:
    kinds = [child.tag for case in cases for child in (*case, ElementTree.Element("case"))]
    names = {"tests": "case", "failures": "failure", "errors": "error", "skipped": "skipped"}
    return {name: str(kinds.count(kind)) for name, kind in names.items()}


def _case(
    rule: str, address: str, location: Location, context: ReportContext
) -> ElementTree.Element:
    return ElementTree.Element(
        "testcase",
        classname=rule,
        name=say(address),
        file=say(ci.path(location, context)),
        line=str(location.line),
    )


def _found(finding: Finding, context: ReportContext) -> ElementTree.Element:
    case = _case(finding.rule.id, finding.address, finding.location, context)
    told = ci.message(finding)
    limit = context.fail_on
    if limit is None or finding.severity < limit:
        # Beside a failed test, a gate that lets the change pass would look broken.
        below = f"{finding.severity.label}, below --fail-on {limit.label if limit else 'none'}"
        ElementTree.SubElement(case, "skipped", message=f"{below}: {told}")
        return case
    failure = ElementTree.SubElement(case, "failure", type=finding.severity.label, message=told)
    lines = [f"{say(ci.path(finding.location, context))}:{finding.location.line}"]
    if finding.remediation is not None:
        lines += [f"{n}. {say(step)}" for n, step in enumerate(finding.remediation.steps, 1)]
    failure.text = "\n".join(lines)
    return case


def _suppressed(finding: Finding, context: ReportContext) -> ElementTree.Element:
    case = _case(finding.rule.id, finding.address, finding.location, context)
    suppression = finding.suppression
    why = "suppressed"
    if suppression:
        why = f"{suppression.kind}{until(suppression)}: {say(suppression.reason)}"
    ElementTree.SubElement(case, "skipped", message=why)
    return case


def _undetermined(entry: Undetermined, context: ReportContext) -> ElementTree.Element:
    case = _case(entry.rule.id, entry.address, entry.location, context)
    ElementTree.SubElement(case, "skipped", message=f"cannot be told: {say(entry.reason)}")
    return case


def _error(error: ScanError, context: ReportContext) -> ElementTree.Element:
    case = _case("scan", error.path or "scan", Location(error.path, error.line), context)
    ElementTree.SubElement(case, "error", message=say(error.message))
    return case
