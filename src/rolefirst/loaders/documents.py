"""The files beside the Terraform code that may say who uses a key: CI files, scripts, READMEs.

They are read only when a key leaves in an output, and no more of them than the limits below: a
repository may hold anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from rolefirst.loaders.hcl import files
from rolefirst.project import Document

#: Limits on what is looked at: entries of folders, documents, and bytes of one document.
MAX_ENTRIES = 50_000
MAX_DOCUMENTS = 1_000
MAX_BYTES = 200_000
#: Folders that hold other people's code.
_FOREIGN = frozenset({"node_modules", "vendor", "site-packages", "venv", "third_party"})
#: Hidden folders in which CI systems look for their files.
_HIDDEN = frozenset({".github", ".circleci", ".buildkite", ".gitlab", ".semaphore"})
#: Folders whose YAML files describe pipelines.
_CI_FOLDERS = _HIDDEN | {"ci", "concourse", "pipeline", "pipelines"}
_CI_FILES = frozenset(
    {
        ".gitlab-ci.yml",
        ".travis.yml",
        ".drone.yml",
        "jenkinsfile",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
        "buildspec.yml",
        "cloudbuild.yaml",
    }
)
_SCRIPTS = (".sh", ".bash", ".ps1", ".py", ".rb", ".mk", "makefile", "justfile", "taskfile.yml")


def find(top: str) -> Iterator[Document]:
    """The documents below ``top``, in a stable order. Symbolic links are not followed."""
    seen = found = 0
    for folder, folders, names in os.walk(top):
        relative = os.path.relpath(folder, top).replace(os.sep, "/")
        folders[:] = sorted(name for name in folders if _enters(name))
        seen += len(folders) + len(names)
        for name in sorted(names):
            path = name if relative == "." else f"{relative}/{name}"
            kind = _kind(path)
            if not kind or os.path.islink(os.path.join(folder, name)):
                continue
            text = _text(os.path.join(folder, name))
            if text is not None:
                found += 1
                yield Document(path, kind, text)
            if found >= MAX_DOCUMENTS:
                return
        if seen > MAX_ENTRIES:
            return


def _enters(name: str) -> bool:
    return name in _HIDDEN or not (name.startswith(".") or name in _FOREIGN)


def _kind(path: str) -> str:
    """``ci``, ``script``, ``readme``, or empty for every other file."""
    folders, _, name = path.casefold().rpartition("/")
    if name in _CI_FILES:
        return "ci"
    if name.endswith((".yml", ".yaml")) and _CI_FOLDERS & set(folders.split("/")):
        return "ci"
    if name.endswith(_SCRIPTS):
        return "script"
    return "readme" if name.endswith((".md", ".rst", ".adoc")) else ""


def _text(path: str) -> str | None:
    try:
        return files.read(path)[:MAX_BYTES].decode("utf-8", "replace")
    except OSError:  # what cannot be read says nothing
        return None
