"""What may stand on the command line, and what is said when something else stands there."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from rolefirst import __version__

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_EPILOG = (
    "Exit codes: 0 clean; 1 findings at or above --fail-on; 2 the scan is not trustworthy: wrong "
    "usage or configuration, a file or block that cannot be read, a rule that crashed."
)
#: The formats of a scan's report, as ``reports.REPORTERS`` has them; it need not be imported here.
FORMATS = (
    "text",
    "json",
    "sarif",
    "junit",
    "markdown",
    "html",
    "github",
    "gitlab",
    "codeclimate",
)
_FIX_EPILOG = (
    "Stages: add puts new code beside the old, switch lets the consumers use it, remove takes the "
    "key and its user away. Apply each one before the next, and nothing goes down. Exit codes: 0 "
    "nothing to fix, or all of it written; 1 there is something to fix; 2 trouble."
)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments by name. Ends the program with exit code 2 when they are wrong."""
    parser = _parser(arguments)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        options.parser.refuse(unknown)
    if options.command is None:
        parser.print_help(sys.stderr)
        sys.exit(2)
    return options


class _Parser(argparse.ArgumentParser):
    """Says what is wrong as every other part does: one line, a hint and exit code 2."""

    def error(self, message: str, hint: str = "") -> NoReturn:
        """Instead of the usage, which is longer than the mistake."""
        from rolefirst.errors import UsageError
        from rolefirst.output import complain

        complain(UsageError(message, hint or f"{self.prog} --help says what there is."))
        sys.exit(2)

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Name what nobody understands, and the option that may be meant."""
        import difflib  # lazy: only for a mistake

        options = re.findall(r"--[\w-]+", self.format_usage())
        close = difflib.get_close_matches(unknown[0].partition("=")[0], options, 1)
        hint = f"Did you mean {close[0]!r}?" if close else ""
        self.error(f"unrecognized arguments: {' '.join(unknown)}", hint)


def _help(prog: str) -> argparse.HelpFormatter:
    """A fixed width: asking the terminal costs the import of shutil at every start."""
    return argparse.HelpFormatter(prog, width=100)


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for these words: arguments of commands that are not among them cost time."""

    def asked(command: str) -> bool:
        return command in words or "completion" in words

    parser = _Parser(
        prog="rolefirst",
        formatter_class=_help,
        description="Find every long-lived AWS access key in Terraform, who uses it, and what "
        "should stand there instead.",
        epilog=_EPILOG,
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("--version", action="version", version=f"rolefirst {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog="rolefirst"
    )

    scan = commands.add_parser(
        "scan", help="check folders of Terraform code", epilog=_EPILOG, formatter_class=_help
    )
    scan.set_defaults(parser=scan)
    scan.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    scan.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="one more report, such as sarif=rolefirst.sarif; may be repeated",
    )
    _add_scanning(scan)
    scan.add_argument(
        "--changed-since",
        metavar="REF",
        help="only what is new or touched since the work tree and this git ref parted",
    )
    scan.add_argument(
        "--baseline", metavar="FILE", help="known findings, as rolefirst baseline writes them"
    )
    scan.add_argument(
        "--fixes",
        action="store_true",
        help="json and sarif: with the edits that rolefirst fix would make",
    )

    exceptions = commands.add_parser(
        "exceptions",
        help="write, check and show exceptions for keys that stay",
        formatter_class=_help,
    )
    if asked("exceptions"):
        _add_exceptions(exceptions)

    fix = commands.add_parser(
        "fix",
        help="show the remediation as a diff, or write it",
        epilog=_FIX_EPILOG,
        formatter_class=_help,
    )
    if asked("fix"):
        _add_fix(fix)

    baseline = commands.add_parser(
        "baseline",
        help="write down the findings of an old estate, for --baseline",
        formatter_class=_help,
    )
    if asked("baseline"):
        _add_baseline(baseline)

    explain = commands.add_parser("explain", help="show a rule's page", formatter_class=_help)
    explain.set_defaults(parser=explain)
    explain.add_argument("rule", metavar="RULE", help="such as RF301 or rotation_missing")
    _add_format(explain)

    listing = commands.add_parser("rules", help="list the rules", formatter_class=_help)
    listing.set_defaults(parser=listing)
    _add_format(listing)

    completion = commands.add_parser(
        "completion", help="print a script for the shell", formatter_class=_help
    )
    completion.set_defaults(parser=completion, root=parser)
    completion.add_argument("shell", choices=("bash", "zsh"))
    return parser


def _add_scanning(parser: argparse.ArgumentParser) -> None:
    """What everything takes that scans folders and reports."""
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="default: .")
    parser.add_argument("--output", metavar="FILE", help="write the report to a file")
    detail = parser.add_mutually_exclusive_group()
    detail.add_argument(
        "-q", "--quiet", action="store_true", help="text report: only the summary, no findings"
    )
    detail.add_argument(
        "-v", "--verbose", action="store_true", help="text report: nothing cut or referred to"
    )
    parser.add_argument(
        "--fail-on",
        choices=("low", "medium", "high", "critical", "none"),
        help="least severity that gives exit code 1; default: medium; none: report only",
    )
    parser.add_argument("--strict", action="store_true", help="undetermined results fail too")
    _add_exceptions_ref(parser)
    _add_reading(parser)


def _add_exceptions_ref(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--exceptions-ref",
        metavar="REF",
        help="read the register from this git ref, so that a change cannot approve itself",
    )


def _add_baseline(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(parser=parser, exceptions_ref=None)
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="default: .")
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="rolefirst-baseline.json",
        help="default: rolefirst-baseline.json",
    )
    _add_reading(parser)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    """What everything takes that reads code and its register."""
    parser.set_defaults(changed_since=None, exceptions_ref=None)
    parser.add_argument("--config", metavar="FILE", help="default: rolefirst.toml, when it is here")
    parser.add_argument(
        "--var-file",
        action="append",
        default=[],
        metavar="FILE",
        help="values for variables, as for terraform plan; may be repeated",
    )
    parser.add_argument(
        "--exceptions",
        metavar="FILE",
        help="the register; default: access-key-exceptions.yaml in the scanned folders",
    )


def _add_exceptions(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(parser=parser, action=None)
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", title="actions", prog="rolefirst exceptions"
    )
    new = actions.add_parser(
        "new", help="write an entry for a key, from what the code says", formatter_class=_help
    )
    new.set_defaults(parser=new)
    new.add_argument("address", metavar="ADDRESS", help="such as aws_iam_access_key.ci")
    new.add_argument("path", nargs="?", default=".", metavar="PATH", help="default: .")
    new.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="ELEMENT=VALUE",
        help="such as audit='monthly review' or source=203.0.113.0/24,vpce-0abc; may be repeated",
    )
    _add_reading(new)
    check = actions.add_parser(
        "check", help="judge the register alone", epilog=_EPILOG, formatter_class=_help
    )
    check.set_defaults(parser=check, report=[], baseline=None, fixes=False)
    _add_format(check)
    _add_scanning(check)
    report = actions.add_parser(
        "report", help="the page for whoever reviews exceptions", formatter_class=_help
    )
    report.set_defaults(parser=report)
    report.add_argument("path", nargs="?", default=".", metavar="PATH", help="default: .")
    report.add_argument(
        "--format", choices=("html", "markdown"), default="html", help="default: html"
    )
    report.add_argument("--output", metavar="FILE", help="write the page to a file")
    report.add_argument(
        "--since", metavar="REF", help="show what has changed since this git ref as well"
    )
    _add_exceptions_ref(report)
    _add_reading(report)
    schema = actions.add_parser(
        "schema", help="print the register's JSON Schema, for editors", formatter_class=_help
    )
    schema.set_defaults(parser=schema)


def _add_fix(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(parser=parser, exceptions_ref=None)
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="default: .")
    parser.add_argument(
        "--write", action="store_true", help="change the files: what needs no review"
    )
    parser.add_argument(
        "--all", action="store_true", help="with --write: what needs review as well"
    )
    parser.add_argument(
        "--stage",
        choices=("add", "switch", "remove"),
        default="switch",
        help="go no further than this; default: switch, with the key still there",
    )
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="RULE",
        help="only what this rule found, such as RF101; may be repeated",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no list of steps")
    _add_reading(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
