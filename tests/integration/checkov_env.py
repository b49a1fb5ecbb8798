"""Real checkovs for the tests, each in an environment of its own.

checkov and python-hcl2 own the same module name, so checkov is never installed beside rolefirst.
``ROLEFIRST_CHECKOV`` names executables (joined like ``PATH``); without it the oldest supported and
the newest version are installed once into ``.cache/``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
CHECKS = REPOSITORY / "checks"
#: conftest.py hides the variables of the developer, so this is read at import.
_GIVEN = os.environ.get("ROLEFIRST_CHECKOV", "")
VERSIONS = ("3.2.0", "newest")
_PYTHONS = ("python3.11", "python3.12", "python3.10", "python3")


def executables() -> list[Path]:
    """The checkovs to test with; builds what is missing. Raises when that fails."""
    if _GIVEN:
        return [Path(path) for path in _GIVEN.split(os.pathsep) if path]
    return [_install(version) for version in VERSIONS]


def _install(version: str) -> Path:
    folder = REPOSITORY / ".cache" / f"checkov-{version}"
    checkov = folder / "bin" / "checkov"
    if not (folder / ".ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        python = next((found for name in _PYTHONS if (found := shutil.which(name))), None)
        if python is None or version == "newest":
            venv.create(folder, with_pip=True)
        else:  # the old version's pinned dependencies have no wheels for newer Pythons
            subprocess.run([python, "-m", "venv", str(folder)], check=True)
        wanted = "checkov>=3.2.0" if version == "newest" else f"checkov=={version}"
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", wanted]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        (folder / ".ready").touch()
    return checkov


@dataclass(frozen=True)
class Run:
    """What one run of checkov said."""

    code: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict[str, Any]:
        """The one JSON report of the run."""
        found = json.loads(self.stdout)
        reports = found if isinstance(found, list) else [found]
        assert len(reports) == 1, [report.get("check_type") for report in reports]
        return dict(reports[0])

    def records(self, kind: str = "failed") -> list[dict[str, Any]]:
        """The failed, passed or skipped records."""
        results = self.report.get("results", {})
        return list(results.get(f"{kind}_checks", []))

    def pairs(self, kind: str = "failed") -> set[tuple[str, str]]:
        """Rule and resource of the records."""
        return {(record["check_id"], record["resource"]) for record in self.records(kind)}

    def text(self, rule: str, resource: str, kind: str = "failed") -> str:
        """The message of the one record about a rule and a resource."""
        (found,) = [
            record["check_name"]
            for record in self.records(kind)
            if (record["check_id"], record["resource"]) == (rule, resource)
        ]
        return str(found)


def run(
    checkov: Path,
    folder: Path,
    *arguments: str,
    checks: Path = CHECKS,
    only: str = "RF*",
    framework: str | None = "terraform",
    form: str = "json",
    scan: tuple[str, ...] = (),
    env: dict[str, str] | None = None,
) -> Run:
    """Run checkov with the plugin as its documentation says, offline."""
    command = [str(checkov), *(scan or ("-d", str(folder))), "-c", only, "-o", form]
    command += ["--external-checks-dir", str(checks), "--skip-download", *arguments]
    command += ["--framework", framework] if framework else []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"LOG_LEVEL": "ERROR", **(env or {})}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    return Run(done.returncode, done.stdout, done.stderr)
