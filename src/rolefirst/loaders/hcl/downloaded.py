"""The modules that ``terraform init`` fetched: ``.terraform/modules/modules.json``.

The manifest maps the path of a module call (``network.subnets``) to the folder of its code,
relative to the root module. Source: Terraform's module installer, ``internal/modsdir``.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable

from rolefirst.loaders.hcl import files

MANIFEST = ".terraform/modules/modules.json"


def read(base: str, directory: str, report: Callable[[str, int, str], None]) -> dict[str, str]:
    """Module path → folder relative to the scanned root, for one root module."""
    path = os.path.join(base, directory, MANIFEST)
    if not os.path.isfile(path):
        return {}
    import json  # lazy: few trees have a manifest

    shown = posixpath.normpath(f"{directory}/{MANIFEST}")
    try:
        content = json.loads(files.read(path))
        entries = [(entry["Key"], entry["Dir"]) for entry in content["Modules"]]
    except OSError as error:
        report(shown, 0, f"cannot be read: {error.strerror}")
        return {}
    except (ValueError, KeyError, TypeError, RecursionError):
        report(shown, 0, "not a module manifest: run terraform init again")
        return {}
    found = {}
    for key, folder in entries:
        if key and isinstance(key, str) and isinstance(folder, str):
            target = posixpath.normpath(posixpath.join(directory, folder))
            if os.path.realpath(os.path.join(base, target)).startswith(base + os.sep):
                found[key] = target
    return found
