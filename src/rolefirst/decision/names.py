"""The names under which CI platforms hand a key to their jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rolefirst.decision.trail import Use

#: What AWS SDKs, and the tools that sign in with them, read from the environment: with anything
#: before it or behind it, as in PROD_AWS_SECRET_ACCESS_KEY.
_OF_AN_SDK = re.compile(r"AWS_?(?:SECRET|ACCESS_?KEY)", re.IGNORECASE)
_ONE_VALUE = re.compile(r"(?:secret|variable)$")
#: The arguments that hold the name, of whichever platform.
_ARGUMENTS = ("secret_name", "variable_name", "key", "name")


def name_for_application(uses: Iterable[Use]) -> str:
    """The first name of a job's secret that no AWS SDK reads; empty when all are read or unknown.

    The job may hand such a secret on to the application that it deploys.
    """
    for use in uses:
        if use.consumer.category != "ci" or not _ONE_VALUE.search(use.block.type):
            continue
        argument = next((name for name in _ARGUMENTS if name in use.block.names()), "")
        name = use.block[argument].text if argument else None
        if name and use.block[argument].known and not _OF_AN_SDK.search(name):
            return name
    return ""
