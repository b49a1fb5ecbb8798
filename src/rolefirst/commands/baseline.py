"""``rolefirst baseline``: write down what an old estate has, so that the gate asks for no more."""

from __future__ import annotations

import argparse

from rolefirst import baseline
from rolefirst.commands import trees
from rolefirst.errors import UsageError
from rolefirst.merge import below, merge
from rolefirst.output import Progress, tell, write


def run(options: argparse.Namespace) -> int:
    """Scan and write the file; nothing is written when the scan is not trustworthy."""
    config = trees.configuration(options)
    folders = trees.folders(options.paths)
    results = []
    for folder in folders:
        with Progress() as told:
            result, _ = trees.judge(folder, options, config, told)
        results.append(below(result, folder, options.var_file) if len(folders) > 1 else result)
    result = merge(results)
    for error in result.errors:
        tell(f"error: {error.path}:{error.line}: {error.message}")
    if result.errors:
        raise UsageError("the scan is not complete: no baseline was written")
    write(baseline.write(result), options.output)
    known = f"{len(result.findings)} findings, {len(result.undetermined)} undetermined"
    tell(f"{options.output}: {known}")
    return 0
