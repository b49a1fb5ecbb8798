"""Where the jinja2 templates lie."""

from __future__ import annotations

from pathlib import Path


def directory() -> Path:
    """``templates/``: inside the package when installed, at the top of a clone."""
    here = Path(__file__)
    packaged = here.parent / "_templates"
    return packaged if packaged.is_dir() else here.parents[2] / "templates"
