"""The first pass over a tree: every file is read once, and only its bytes are searched.

It says which directories matter and which call which. Nothing is parsed, and little is imported:
a tree without keys costs hardly more than reading it.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from rolefirst.loaders.hcl import downloaded, files

#: A file without any of these declares nothing a rule is about. Data sources of Organizations stand
#: in many files and show nothing. As one pattern with one literal start it is searched faster than
#: three words are.
RELEVANT = re.compile(
    rb"aws_(?:iam_(?:access_key|user|service_specific_credential|account_password_policy|"
    rb"policy_attachment\b|group_membership\b|organizations_features)|accessanalyzer_analyzer|cloudtrail\b|controltower_control\b|"
    rb"config_(?:config_rule|configuration_recorder|conformance_pack|organization_[a-z_]+)\b|"
    rb'(?<!data "aws_)(?<!data\.aws_)'
    rb"organizations_(?:account|organization|organizational_unit|policy|policy_attachment)\b|"
    rb"securityhub_standards_subscription)"
)
#: A file with none of these holds none of ``_HINTS``, and this question is asked of every file.
_FRAGMENTS = (b"AKIA", b"ccess", b"CCESS", b"ecret", b"ECRET", b"login")
#: A file with none of these holds no key material; with one, ``SUSPECT`` decides.
_HINTS = (
    b"AKIA",
    b"access_key",
    b"ACCESS_KEY",
    b"access-key",
    b"AccessKey",
    b"accessKey",
    b"secret_key",
    b"SECRET_KEY",
    b"secretKey",
    b" login",
    b"login_session",
)
SUSPECT = re.compile(
    rb"AKIA[A-Z0-9]{16}|create-access-key|create_access_key\s*\(|New-IAMAccessKey|login_session|"
    rb"aws\b[^\n]{0,200} login\b|(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])|"
    rb'\b(?:access_key|secret_key)"?[ \t]*[=:]'  # what a provider or backend signs with
)
#: What lies beside the code and makes no directory one of Terraform's.
_NO_CODE = (*files.VALUES, files.REGISTER, files.MISNAMED_REGISTER)
_SOURCE = re.compile(rb'\bsource"?[ \t]*[=:][ \t]*"([^"\n]*)"')


class KeyModules:
    """How to recognise a call of a remote module that makes keys.

    A file without any of ``hints`` calls none; with one, ``makes_key`` is asked about every
    ``source`` in it.
    """

    __slots__ = ("hints", "makes_key")

    def __init__(self, hints: tuple[bytes, ...], makes_key: Callable[[str], bool]) -> None:
        """Keep both."""
        self.hints = hints
        self.makes_key = makes_key


class Survey:
    """What the first pass found.

    ``names``: directory → its Terraform files. ``relevant``: directories with a user or key.
    ``suspects``: directory → files with something shaped like key material. ``values``: variable
    files with such a thing. ``calls``: directory → directories its module calls name.
    ``downloaded``: root module → module path → directory. ``errors``: (path, line, message) of
    what could not be read. ``left_out``: directories of which every file is excluded, and
    ``excluded`` counts the files. ``registers``: directories with a register of exceptions, and
    ``misnamed`` are files that seem to be meant as one.
    """

    excluded = 0
    left_out: frozenset[str] = frozenset()

    def __init__(
        self, root: str, modules: KeyModules | None = None, exclude: Sequence[str] = ()
    ) -> None:
        """Read the tree below ``root``, but no file that one of the ``exclude`` globs matches."""
        self.top = os.path.realpath(root)
        self.files = 0
        self.names: dict[str, list[str]] = {}
        self.relevant: set[str] = set()
        self.suspects: dict[str, list[str]] = defaultdict(list)
        self.values: list[str] = []
        self.calls: dict[str, set[str]] = defaultdict(set)
        self.downloaded: dict[str, dict[str, str]] = {}
        self.errors: list[tuple[str, int, str]] = []
        self.registers: list[str] = []
        self.misnamed: list[str] = []
        self._modules = modules
        wanted = (*files.SUFFIXES, *_NO_CODE)
        for directory, names in files.walk(self.top, self.report, wanted):
            if kept := self._without(directory, names, exclude):
                self._directory(directory, kept)
        for directory in list(self.names):
            self._fetched(directory)

    @property
    def matters(self) -> bool:
        """False when no file mentions anything a rule is about and no module is missing."""
        return bool(self.relevant or self.suspects or self.values or self.missing)

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Directories that are called and hold no Terraform file, behind their callers."""
        names = self.names
        there = names.keys() | self.left_out
        calls = sorted((a, b) for a, targets in self.calls.items() for b in targets - there)
        return [(caller, target) for caller, target in calls if caller in names]

    @property
    def notices(self) -> list[tuple[str, int, str]]:
        """(path, line, message) of what was left out on purpose, or by a wrong name."""
        found = [(p, 0, f"is not read: name it {files.REGISTER}") for p in sorted(self.misnamed)]
        if self.excluded:
            number = "1 file is" if self.excluded == 1 else f"{self.excluded} files are"
            found.append((".", 0, f"{number} not read: [scan] exclude in rolefirst.toml"))
        return found

    def _without(self, directory: str, names: list[str], exclude: Sequence[str]) -> list[str]:
        """The files of a directory that no glob excludes."""
        if not exclude:
            return names
        from fnmatch import fnmatchcase  # lazy: few exclude something

        prefix = "" if directory == "." else f"{directory}/"
        kept = [n for n in names if not any(fnmatchcase(prefix + n, glob) for glob in exclude)]
        self.excluded += len(names) - len(kept)
        if not kept:
            self.left_out |= {directory}
        return kept

    def report(self, path: str, line: int, message: str) -> None:
        """Note that something could not be read."""
        self.errors.append((path, line, message))

    def _directory(self, directory: str, names: list[str]) -> None:
        kept = []
        prefix = "" if directory == "." else f"{directory}/"
        for name in names:
            path = prefix + name
            if name.endswith((files.REGISTER, files.MISNAMED_REGISTER)):
                if name == files.REGISTER:
                    self.registers.append(directory)
                elif name == files.MISNAMED_REGISTER:
                    self.misnamed.append(path)
                continue
            try:
                data = files.read(f"{self.top}/{path}")
            except OSError as error:
                self.report(path, 0, f"cannot be read: {error.strerror}")
                continue
            if name.endswith(files.VALUES):
                if SUSPECT.search(data):
                    self.values.append(path)
                continue
            kept.append(name)
            self.files += 1
            if b"\0" in data:
                self.report(path, 0, "not text in UTF-8: save it as Terraform reads it")
            self._search(directory, path, files.spelled_out(data))
        if kept or not all(name.endswith(_NO_CODE) for name in names):
            self.names[directory] = kept

    def _search(self, directory: str, path: str, data: bytes) -> None:
        calls = b"module" in data
        if RELEVANT.search(data) or (calls and self._calls_key_module(data)):
            self.relevant.add(directory)
        if _any(_FRAGMENTS, data) and _any(_HINTS, data) and SUSPECT.search(data):
            self.suspects[directory].append(path)
        if calls and (b'"./' in data or b'"..' in data):
            for raw in _SOURCE.findall(data):
                if raw.startswith(b"."):
                    target = join(directory, raw.decode("utf-8", "surrogateescape"))
                    self.calls[directory].add(target)

    def _calls_key_module(self, data: bytes) -> bool:
        if self._modules is None or not _any(self._modules.hints, data):
            return False
        sources = (raw.decode("utf-8", "replace") for raw in _SOURCE.findall(data))
        return any(self._modules.makes_key(source) for source in sources)

    def _fetched(self, directory: str) -> None:
        """The modules that terraform init fetched for a root module are read like its own."""
        if not os.path.isdir(f"{self.top}/{directory}/.terraform"):
            return
        found = downloaded.read(self.top, directory, self.report)
        self.downloaded[directory] = found
        for key, path in found.items():
            parent = found.get(key.rpartition(".")[0], directory) if "." in key else directory
            self.calls[parent].add(path)
            if path in self.names:
                continue
            for below, names in files.walk(f"{self.top}/{path}", self.report):
                self._directory(path if below == "." else f"{path}/{below}", names)

    def callers_of(self, targets: set[str]) -> set[str]:
        """These directories and all that call them, directly or not."""
        callers: dict[str, set[str]] = defaultdict(set)
        for caller, called in self.calls.items():
            for target in called:
                callers[target].add(caller)
        wanted, pending = set(targets), list(targets)
        while pending:
            for caller in callers.get(pending.pop(), ()):
                if caller not in wanted:
                    wanted.add(caller)
                    pending.append(caller)
        return wanted & set(self.names)


def _any(needles: tuple[bytes, ...], data: bytes) -> bool:
    # A plain loop: any() with a generator takes three times as long.
    for needle in needles:  # noqa: SIM110
        if needle in data:
            return True
    return False


def join(directory: str, relative: str) -> str:
    """A path relative to a directory of the tree, normalised."""
    return posixpath.normpath(posixpath.join(directory, relative.split("?", 1)[0]))
