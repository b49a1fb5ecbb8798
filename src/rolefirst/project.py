"""What every loader builds and every rule reads.

A ``Project`` is a set of ``Block`` objects. A block's arguments are ``Value`` objects, which are
known, absent or unknown with a reason, and which remember what they were made of as
``Reference`` objects. References are transitive: a value that passes through locals, outputs,
module inputs or ``jsonencode`` still refers to the resource it came from, with the trail of
places it passed.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rolefirst.findings import CallSite, Location, ScanError

Scalar = str | int | float | bool | None
Data = Scalar | tuple["Value", ...] | dict[str, "Value"]


class State(enum.Enum):
    """Whether a value can be told from the code."""

    KNOWN = "known"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Carries(enum.Enum):
    """What part of an access key a reference hands on."""

    KEY_ID = "key id"
    SECRET = "secret"
    SES_PASSWORD = "SES password"
    ENCRYPTED_SECRET = "encrypted secret"
    WHOLE = "whole object"
    OTHER = "other"

    @property
    def usable(self) -> bool:
        """True when whoever receives it can sign in with it."""
        return self in (
            Carries.SECRET,
            Carries.SES_PASSWORD,
            Carries.ENCRYPTED_SECRET,
            Carries.WHOLE,
        )


#: Attributes of the resources that are long-lived credentials (AWS provider 6 documentation).
_CARRIES = {
    "aws_iam_access_key": {
        "id": Carries.KEY_ID,
        "secret": Carries.SECRET,
        "ses_smtp_password_v4": Carries.SES_PASSWORD,
        "ses_smtp_password": Carries.SES_PASSWORD,
        "encrypted_secret": Carries.ENCRYPTED_SECRET,
        "encrypted_ses_smtp_password_v4": Carries.ENCRYPTED_SECRET,
        "": Carries.WHOLE,
    },
    "aws_iam_service_specific_credential": {
        "service_user_name": Carries.KEY_ID,
        "service_password": Carries.SECRET,
        "service_credential_alias": Carries.KEY_ID,
        "service_credential_secret": Carries.SECRET,
        "": Carries.WHOLE,
    },
}


@dataclass(frozen=True, slots=True)
class Hop:
    """One place a value passed: ``label`` names the block it stands in."""

    location: Location
    label: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A value came from ``attribute`` of ``target``; ``trail`` runs from the target outward.

    ``attribute`` is the dotted rest of the traversal (``secret``, ``tags.Name``), empty for the
    whole object.
    """

    target: Block
    attribute: str
    trail: tuple[Hop, ...] = ()

    @property
    def carries(self) -> Carries:
        """The value class: which part of a credential this is."""
        if self.target.kind != "resource":
            return Carries.OTHER
        return _CARRIES.get(self.target.type, {}).get(self.attribute, Carries.OTHER)


@dataclass(frozen=True, slots=True)
class Value:
    """A three-valued value.

    ``data`` of a known list or object holds values again, so a known object may have unknown
    members: ``known`` asks about the whole, ``state`` about this level. An unknown string may keep
    in ``data`` what is known of it: the object that ``jsonencode`` was given, or its text with
    placeholders. ``references`` are those of this level; ``deep_references`` walks the members.
    """

    state: State
    data: Data = None
    reason: str = ""
    references: tuple[Reference, ...] = ()

    @property
    def absent(self) -> bool:
        """The argument is not written, or is ``null``."""
        return self.state is State.ABSENT

    @property
    def unknown(self) -> bool:
        """This level cannot be told from the code; ``why`` says the reason."""
        return self.state is State.UNKNOWN

    @property
    def known(self) -> bool:
        """True when every part is known."""
        if self.state is not State.KNOWN:
            return False
        return all(member.state is State.ABSENT or member.known for member in self.members())

    @property
    def why(self) -> str:
        """The reason of the first unknown part; empty when all is known."""
        if self.state is State.UNKNOWN:
            return self.reason
        return next((why for member in self.members() if (why := member.why)), "")

    def members(self) -> Iterable[Value]:
        """The direct members of a list or object; nothing for a scalar."""
        if isinstance(self.data, tuple):
            return self.data
        if isinstance(self.data, dict):
            return self.data.values()
        return ()

    def get(self, *path: str | int) -> Value:
        """The member at ``path``: absent when there is none, unknown when this level is unknown."""
        value = self
        for step in path:
            if value.state is not State.KNOWN:
                return value
            if isinstance(value.data, dict) and isinstance(step, str):
                value = value.data.get(step, ABSENT)
            elif isinstance(value.data, tuple) and isinstance(step, int):
                value = value.data[step] if -len(value.data) <= step < len(value.data) else ABSENT
            else:
                return ABSENT
        return value

    def get_partial(self, name: str) -> Value:
        """A member of what an unknown string encodes or an unknown object is known to hold."""
        if isinstance(self.data, dict):
            return self.data.get(name, ABSENT)
        return self if self.unknown else ABSENT

    @property
    def text(self) -> str | None:
        """The string, or None when this is not a known string."""
        return self.data if self.state is State.KNOWN and isinstance(self.data, str) else None

    def plain(self) -> object:
        """Plain Python data. Raises ValueError when some part is unknown: ask ``known`` first."""
        if self.state is State.UNKNOWN:
            raise ValueError(self.reason)
        if isinstance(self.data, tuple):
            return [member.plain() for member in self.data]
        if isinstance(self.data, dict):
            return {name: member.plain() for name, member in self.data.items()}
        return self.data

    def walk(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Value]]:
        """This value and every member below it, with its path."""
        yield path, self
        if isinstance(self.data, dict):
            for name, member in self.data.items():
                yield from member.walk((*path, name))
        elif isinstance(self.data, tuple):
            for index, member in enumerate(self.data):
                yield from member.walk((*path, str(index)))

    def deep_references(self) -> Iterator[tuple[tuple[str, ...], Reference]]:
        """Every reference in this value and below, with the path of the member it stands in."""
        for path, member in self.walk():
            for reference in member.references:
                yield path, reference


ABSENT = Value(State.ABSENT)


def known(data: Data, references: tuple[Reference, ...] = ()) -> Value:
    """A value that the code states."""
    return Value(State.KNOWN, data, "", references)


def unknown(reason: str, references: tuple[Reference, ...] = ()) -> Value:
    """A value that the code does not state, and why."""
    return Value(State.UNKNOWN, None, reason, references)


class Block:
    """One block of one module instance.

    ``kind`` is Terraform's block type (resource, data, module, provider, output, variable, local,
    terraform); ``type`` is empty except for resources, data sources and providers (the provider's
    name). A local value is one block of kind ``local``. ``address`` is Terraform's
    address including module instances; it is unique within ``root``, the directory of the root
    module. ``block["name"]`` is an argument; a nested block is a list of objects, as in Terraform's
    JSON syntax. Loaders subclass it and fill in the four readers below.
    """

    __slots__ = ("_cache", "address", "call_chain", "kind", "location", "name", "root", "type")

    def __init__(
        self,
        kind: str,
        type: str,
        name: str,
        address: str,
        root: str,
        location: Location,
        call_chain: tuple[CallSite, ...] = (),
    ) -> None:
        """Name the block; its arguments are read when asked for."""
        self.kind = kind
        self.type = type
        self.name = name
        self.address = address
        self.root = root
        self.location = location
        self.call_chain = call_chain
        self._cache: dict[str, Value] = {}

    def __repr__(self) -> str:
        """For a debugger; never shows arguments, which may be secrets."""
        return f"<{self.kind} {self.address} at {self.location}>"

    def __getitem__(self, name: str) -> Value:
        """The argument or nested blocks called ``name``; absent when not written."""
        if name not in self._cache:
            self._cache[name] = self.read(name)
        return self._cache[name]

    def get(self, name: str, *path: str | int) -> Value:
        """A member of an argument: ``block.get("lifecycle", 0, "replace_triggered_by")``."""
        return self[name].get(*path)

    def read(self, name: str) -> Value:
        """Evaluate one argument."""
        raise NotImplementedError

    def names(self) -> Iterable[str]:
        """The arguments and nested blocks that are written, in source order."""
        raise NotImplementedError

    def at(self, name: str) -> Location:
        """Where the argument is written; the block's header when it is not."""
        raise NotImplementedError

    def expression(self, name: str) -> str:
        """The argument's expression as it is written; empty when a loader has no such text."""
        return ""

    def source(self) -> str:
        """The block's source text with its comments; empty when a loader has none."""
        raise NotImplementedError

    @property
    def doubt(self) -> str:
        """Why the block may not exist: a ``count`` or ``for_each`` that is unknown, else empty."""
        return ""

    @property
    def provider(self) -> Block | None:
        """The provider configuration in force: alias and module ``providers`` resolved."""
        raise NotImplementedError

    @property
    def comment(self) -> str:
        """The comment lines that stand directly above the block; empty when there are none."""
        raise NotImplementedError

    def body(self) -> Value:
        """All arguments as one object."""
        return known({name: self[name] for name in self.names()})


@dataclass(frozen=True, slots=True)
class Document:
    """A file beside the code that may say who uses a key.

    ``path`` is relative to the scanned root; ``kind`` is ``ci``, ``script`` or ``readme``.
    """

    path: str
    kind: str
    text: str


@dataclass(slots=True)
class Project:
    """The blocks of one scan, indexed by what rules ask for.

    A loader subclasses it. Blocks are made when asked for, so that a scan costs what is relevant.
    ``errors`` collects what could not be read, and grows while values are evaluated.
    """

    files: int = 0
    block_count: int = 0
    errors: list[ScanError] = field(default_factory=list)
    #: What several rules need about one block, so that it is worked out once per scan.
    memo: dict[tuple[str, str, str], object] = field(default_factory=dict)

    def resources(self, *types: str) -> Iterable[Block]:
        """Every resource of these types, in every module instance."""
        raise NotImplementedError

    def find(self, block: Block, kind: str, type: str = "") -> Iterable[Block]:
        """Blocks of ``kind`` (and ``type``) in the same module instance as ``block``."""
        raise NotImplementedError

    def modules(self) -> Iterable[Block]:
        """Every call of a module whose code is not in the tree (registry, git, …)."""
        raise NotImplementedError

    def suspects(self) -> Iterable[Block]:
        """Blocks whose text holds something shaped like key material or a key-making command."""
        raise NotImplementedError

    def readers(self, block: Block) -> Iterable[Block]:
        """Blocks that mention ``block`` by name: a superset of those that read its value.

        For an output the readers stand in the calling module; for a module call's argument ask
        for the readers of the child's variable (see ``inputs``).
        """
        raise NotImplementedError

    def holding(self, block: Block, text: str) -> Iterable[Block]:
        """Blocks in the same module instance as ``block`` in whose source ``text`` stands."""
        raise NotImplementedError

    def inputs(self, call: Block) -> Mapping[str, Block]:
        """The variables of the module instance that a ``module`` block calls, by name."""
        raise NotImplementedError

    def callers(self, block: Block) -> Iterable[Block]:
        """The module calls on the way to a block, the innermost first."""
        return ()

    def is_library(self, root: str) -> bool:
        """True when the root module looks like a library: its callers are elsewhere."""
        raise NotImplementedError

    def without_defaults(self) -> Iterable[Project]:
        """The same code as somebody else may deploy it: defaults of root variables are unknown.

        Two readings, the narrower first, so that its doubts name what is off: in it a default of
        ``true`` still holds, in the second none does. A loader that reads what is deployed has
        none. Variables that a file sets are as known here as elsewhere.
        """
        return ()

    def documents(self) -> Iterable[Document]:
        """CI files, scripts and READMEs of the tree, as many as the loader's limits allow."""
        return ()

    def line_text(self, location: Location, count: int = 1) -> str:
        """Source lines for an excerpt; empty when the loader has no text."""
        raise NotImplementedError
