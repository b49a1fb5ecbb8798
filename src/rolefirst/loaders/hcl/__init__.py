"""HCL files → Project. The only place that imports hcl2.

``survey`` reads the files and needs little; ``project`` is for trees in which something matters.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from rolefirst.errors import InputError
from rolefirst.loaders.hcl.survey import KeyModules, Survey

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from rolefirst.loaders.hcl.loader import HclProject

__all__ = ["KeyModules", "Survey", "load", "project", "survey"]


def survey(
    root: str | Path, modules: KeyModules | None = None, exclude: Sequence[str] = ()
) -> Survey:
    """Read a folder, or the folder of a single file, once. Raises InputError.

    ``exclude`` are globs of files that are not read.
    """
    path = os.path.dirname(root) or "." if os.path.isfile(root) else root
    if not os.path.isdir(path):
        raise InputError(f"{root}: no such file or folder.", "Name a folder with Terraform code.")
    return Survey(os.fspath(path), modules, exclude)


def project(found: Survey, var_files: Sequence[Path] = ()) -> HclProject:
    """The project over a surveyed tree."""
    from rolefirst.loaders.hcl.loader import HclProject
    from rolefirst.loaders.hcl.tree import Tree

    return HclProject(Tree(found, var_files))


def load(
    root: str | Path, var_files: Sequence[Path] = (), modules: KeyModules | None = None
) -> HclProject:
    """Survey a folder and make its project. Raises InputError."""
    return project(survey(root, modules), var_files)
