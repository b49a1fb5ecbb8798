"""``rolefirst rules`` and ``rolefirst explain``: what the rules are."""

from __future__ import annotations

import argparse

from rolefirst import rules
from rolefirst.commands import trees
from rolefirst.output import write
from rolefirst.reports.rule_list import listing, single


def run(options: argparse.Namespace) -> int:
    """Print the list, or the page of one rule."""
    if options.command == "explain":
        write(single(trees.rule(options.rule), options.format))
    else:
        write(listing(rules.load(), options.format))
    return 0
