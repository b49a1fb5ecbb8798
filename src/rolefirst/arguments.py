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


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments by name. Ends the program with exit code 2 when they are wrong."""
    parser = _parser()
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


def _parser() -> argparse.ArgumentParser:
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
    scan.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="default: .")
    scan.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    scan.add_argument("--output", metavar="FILE", help="write the report to a file")
    detail = scan.add_mutually_exclusive_group()
    detail.add_argument(
        "-q", "--quiet", action="store_true", help="text report: only the summary, no findings"
    )
    detail.add_argument(
        "-v", "--verbose", action="store_true", help="text report: nothing cut or referred to"
    )
    scan.add_argument(
        "--fail-on",
        choices=("low", "medium", "high", "critical"),
        help="least severity that gives exit code 1; default: medium",
    )
    scan.add_argument("--strict", action="store_true", help="undetermined results fail too")
    scan.add_argument("--config", metavar="FILE", help="default: rolefirst.toml, when it is here")
    scan.add_argument(
        "--var-file",
        action="append",
        default=[],
        metavar="FILE",
        help="values for variables, as for terraform plan; may be repeated",
    )

    explain = commands.add_parser("explain", help="show a rule's page", formatter_class=_help)
    explain.set_defaults(parser=explain)
    explain.add_argument("rule", metavar="RULE", help="such as RF301 or rotation_missing")
    _add_format(explain)

    listing = commands.add_parser("rules", help="list the rules", formatter_class=_help)
    listing.set_defaults(parser=listing)
    _add_format(listing)
    return parser


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
