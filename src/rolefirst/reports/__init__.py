"""Reports: pure functions of a ``ScanResult``.

No reporter opens a file, reads a clock or looks at the environment: what it needs beside the
result stands in ``ReportContext``. A format's module is imported when that format is asked for.
What every format shares is here: the context, the list of formats and the masking of secrets.
"""

from __future__ import annotations

import enum
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rolefirst.errors import UsageError
from rolefirst.findings import Edit, Finding, Location, Remediation, ScanResult, Severity

__all__ = [
    "FORMATS",
    "REPORTERS",
    "Detail",
    "ReportContext",
    "decided",
    "mask",
    "mask_key_ids",
    "open_edits",
    "render",
    "secret_spans",
]


class Detail(enum.Enum):
    """How much a report for people says."""

    SUMMARY = "the tables and the last line"
    NORMAL = "every finding, and what several share once"
    FULL = "every finding with all that is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
    """What a report needs beside the result.

    ``excerpt`` gives that many source lines from the start of a location, ``""`` when there are
    none. ``color``, ``width`` and ``detail`` are for people; ``version`` is the tool's. Where no
    terminal sets a width, it is one that hardly any path exceeds. ``base`` is the scanned root as
    seen from the working directory: what a platform reads has paths of the repository. ``fail_on``
    is the least severity that fails the gate; with None no finding does.
    """

    excerpt: Callable[[Location, int], str]
    color: bool
    width: int = 200
    detail: Detail = Detail.NORMAL
    version: str
    base: str = ""
    fail_on: Severity | None = Severity.LOW


#: The module of each format, by the name used on the command line. Its ``render`` takes a result
#: and a context, and returns the whole document with a newline at its end.
REPORTERS: Mapping[str, str] = MappingProxyType(
    {
        "text": "rolefirst.reports.text",
        "json": "rolefirst.reports.json_report",
        "sarif": "rolefirst.reports.sarif",
        "junit": "rolefirst.reports.junit",
        "markdown": "rolefirst.reports.markdown",
        "html": "rolefirst.reports.html",
        "github": "rolefirst.reports.github",
        "gitlab": "rolefirst.reports.code_quality",
        "codeclimate": "rolefirst.reports.code_quality",
    }
)
FORMATS: tuple[str, ...] = tuple(REPORTERS)


def render(name: str, result: ScanResult, context: ReportContext) -> str:
    """The result as a document of the format ``name``."""
    if name not in REPORTERS:
        raise UsageError(f"Unknown report format {name!r}.", f"Use one of: {', '.join(FORMATS)}.")
    document: str = importlib.import_module(REPORTERS[name]).render(result, context)
    return document


def decided(result: ScanResult) -> tuple[Finding, ...]:
    """What somebody has suppressed: what was there before would hide it in a list for people."""
    return tuple(f for f in result.suppressed if not (f.suppression and f.suppression.old))


_HIDDEN = "****"
_KEY_ID = re.compile(r"(?:AKIA|ASIA)(?P<hide>[A-Z0-9]{16,})")
_QUOTED_SECRET = re.compile(r"""(["'`])(?P<hide>[A-Za-z0-9/+=]{40})(?=\\?\1)""")
_QUOTED_NOT_HEX = re.compile(
    r"""(["'`])(?![0-9a-f]{40}\\?\1)(?P<hide>[A-Za-z0-9/+=]{40})(?=\\?\1)"""
)
_URL_PASSWORD = re.compile(r"://[^/\s:@\"]{0,256}:(?!\$\{)(?P<hide>[^/\s@\"]{1,1024})@")
#: A literal given to an argument whose name ends in a word for a secret.
_ASSIGNED = re.compile(
    r"""(?:passw(?:or)?d|passphrase|secret(?:_?(?:access_?)?key)?|token|(?:api|private)_?key)"""
    # Quoted in any way, or bare as in a shell script or YAML; a bare HCL value has spaces around =.
    r"""(?:\\?["']?\s*[=:]=?\s*\\?["'](?!\$\{)|=(?![\s"'$=])|:\s+(?![\s"'$]))"""
    r"""(?P<hide>(?:(?<=")(?:[^"\\]|\\.)+|(?<=')(?:[^'\\]|\\.)+|(?<!["'])[^\s"'\\]+))""",
    re.IGNORECASE,
)
#: Base64 without padding. Escapes like ``\n`` and key ids are tokens of their own, or a secret
#: right behind one would seem longer than it is.
_RUN = re.compile(r"\\[nrt]|(?:AKIA|ASIA)[A-Z0-9]{16}|(?P<hide>[A-Za-z0-9/+]{40,})")


def _looks_secret(run: str) -> bool:
    """Secret access keys have 40 characters, SES passwords 44, session tokens over 100."""
    lengths = {len(run), len(run.strip("/"))}
    if not lengths & {40, 44} and len(run) < 100:
        return False
    return any(c.isupper() for c in run) and any(c.islower() for c in run) and not run.isalpha()


def _matches(text: str, source: bool) -> Iterator[tuple[int, int]]:
    # Outside source code 40 hexadecimal digits are a certificate thumbprint or a commit: masking
    # them would spoil generated Terraform.
    quoted = _QUOTED_SECRET if source else _QUOTED_NOT_HEX
    patterns = (_KEY_ID, quoted, _URL_PASSWORD, *((_ASSIGNED,) if source else ()))
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span("hide")
    for match in _RUN.finditer(text):
        if match["hide"] and _looks_secret(match["hide"]):
            yield match.span("hide")


def secret_spans(text: str, *, source: bool = False) -> list[tuple[int, int]]:
    """The parts of ``text`` that must not be shown, in order and apart.

    Of a key id the first four characters may be shown. With ``source`` the text is source code,
    where a literal is also judged by the name of the argument it is given to.
    """
    spans: list[tuple[int, int]] = []
    for start, end in sorted(_matches(text, source)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def mask(text: str) -> str:
    """The text with everything shaped like key material hidden."""
    parts, position = [], 0
    for start, end in secret_spans(text):
        parts += [text[position:start], _HIDDEN]
        position = end
    return "".join((*parts, text[position:]))


def open_edits(remediation: Remediation) -> tuple[Edit, ...]:
    """The edits, for programs; none where one holds a secret, which hidden would spoil the code."""
    secret = any(secret_spans(edit.text, source=True) for edit in remediation.edits)
    return () if secret else remediation.edits


def mask_key_ids(text: str) -> str:
    """The text with key ids hidden: for paths, where a long run is no secret but a directory."""
    return _KEY_ID.sub(lambda match: match[0][:4] + _HIDDEN, text)
