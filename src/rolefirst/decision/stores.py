"""Who reads a store: an SSM parameter, a secret of Secrets Manager, a Vault path …

A reader names the store by a reference to it or, where the name is known, by the same name. A
role that a policy lets read it stands for its readers when there are no others in the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from rolefirst.decision import catalogue, store_roles
from rolefirst.decision.catalogue import Reader, Store
from rolefirst.decision.flow import Exit, exits
from rolefirst.decision.trail import Use, Way, use_of
from rolefirst.findings import Consumer
from rolefirst.project import Block, Project

#: The stores that a value has passed on its way, so that a circle ends.
Passed = frozenset[tuple[str, str]]
_ADDRESS = "the address"
_KEPT = "secret-store-only"
#: A name of one word may be anything: an equal text elsewhere proves nothing.
_WORD = re.compile(r"[A-Za-z0-9]*")
#: In a document that is text: what names a store in JSON for ECS and in YAML for Kubernetes.
_WRITTEN = re.compile(r'"valueFrom"\s*:\s*"([^"\n]+)"|\b(?:key|objectName):\s*["\']?([^\s"\'#]+)')
#: What surrounds a name in an ARN.
_ARN = r"arn:.*:(?:parameter/?|secret:){name}(?:-[A-Za-z0-9?]{{6}}|-?\*)?(?::.*)?"


def row_of(block: Block, project: Project) -> Store | None:
    """The catalogue's row of a store, which may be a published module; None of anything else."""
    rows = catalogue.of(project)
    if block.kind == "module":
        return rows.store_module(block["source"].text or "")
    return rows.store(block.type) if block.kind == "resource" else None


def uses(
    item: Exit, store: Store, way: Way, project: Project, passed: Passed = frozenset()
) -> list[Use]:
    """The readers of the store that an exit is; the store itself when there are none."""
    block = item.block
    passed |= {(block.root, block.address)}
    holders = _holders(block, store)
    found = _by_reference(block, holders, store, way, project, passed)
    if not found:
        found = _by_name(block, holders, store, way, project, passed)
    if not any(use.row for use in found):
        found += _by_grant(holders, store, way, project)
    if any(use.row or use.consumer.category == _KEPT for use in found):
        return _once(found)
    return [*_once(found), use_of(item, None, way, _KEPT)]


def _once(found: Iterable[Use]) -> list[Use]:
    """A reader that names the store in several ways is one."""
    met: dict[tuple[str, str], Use] = {}
    for use in found:
        met.setdefault((use.consumer.address, use.consumer.attribute), use)
    return list(met.values())


def _holders(block: Block, store: Store) -> list[Block]:
    """The blocks whose address is the store's: itself, or what holds its value."""
    if not store.holder:
        return [block]
    targets = [reference.target for _, reference in block[store.holder].deep_references()]
    return [target for target in targets if target.type in store.holder_types] or [block]


def outlets(item: Exit, store: Store, project: Project) -> Iterator[Exit]:
    """Every place that takes the value itself, not the address, out of the store of an exit."""
    block = item.block
    holders = _holders(block, store)
    readers = {
        out.block: _gives(out.block, out.attribute[0], store)
        for holder in holders
        for out in exits(holder, project)
        if _first(out) in store.address and out.block.kind in ("data", "ephemeral")
    }
    for reader, row in _same_name(block, set(_names(block, holders, store)), store, project):
        readers.setdefault(reader, set(row.gives))
    for source, given in ((block, set(store.secret)), *readers.items()):
        yield from (out for out in exits(source, project) if _first(out) in given)


# --- by reference ----------------------------------------------------------------------------


def _by_reference(
    block: Block, holders: list[Block], store: Store, way: Way, project: Project, passed: Passed
) -> list[Use]:
    found: list[Use] = []
    for holder in holders:
        for item in exits(holder, project):
            if _first(item) not in store.address:
                continue
            if item.block.kind in ("data", "ephemeral"):
                given = _gives(item.block, item.attribute[0], store)
                on = way.on(item, _ADDRESS)
                found += _from_data(item.block, given, store, on, project, passed)
            else:
                found += _reader(item, store, way.on(item, _ADDRESS), project)
    for item in exits(block, project):
        if _first(item) in store.secret:
            found += _taker(item, store, way.on(item), project, passed)
    return found


def _first(item: Exit) -> str:
    return item.reference.attribute.partition(".")[0]


def _reader(item: Exit, store: Store, way: Way, project: Project) -> list[Use]:
    """Who takes a store's address, if it is one that reads what it names."""
    if item.block.kind == "module":
        return [use_of(item, None, way)]
    if item.block.kind != "resource" or item.block.type in store.types:
        return []
    row = catalogue.of(project).sink(item.block.type, item.dotted)
    return [use_of(item, row, way)] if row else []


def _taker(item: Exit, store: Store, way: Way, project: Project, passed: Passed) -> list[Use]:
    """Who takes a store's value: a consumer, or one more store."""
    other = row_of(item.block, project)
    if other is not None:
        if (item.block.root, item.block.address) in passed:
            return []
        return uses(item, other, way, project, passed)
    module = item.block.kind == "module"
    row = None if module else catalogue.of(project).sink(item.block.type, item.dotted)
    return [use_of(item, row, way)]


def _gives(block: Block, argument: str, store: Store) -> set[str]:
    """The attributes in which a data source hands on what the store named by an argument holds."""
    rows = [row for row in store.data if (row.type, row.argument) == (block.type, argument)]
    return {name for row in rows for name in row.gives}


def _from_data(
    block: Block, given: set[str], store: Store, way: Way, project: Project, passed: Passed
) -> list[Use]:
    return [
        use
        for item in exits(block, project)
        if _first(item) in given
        for use in _taker(item, store, way.on(item), project, passed)
    ]


# --- by name ---------------------------------------------------------------------------------


def _by_name(
    block: Block, holders: list[Block], store: Store, way: Way, project: Project, passed: Passed
) -> list[Use]:
    names = set(_names(block, holders, store))
    if not names:
        return []
    found: list[Use] = []
    for reader, row in _same_name(block, names, store, project):
        said = f"{reader.address} reads the same name as {block.address}"
        on = way.because("name", said, reader.at(row.argument))
        found += _from_data(reader, set(row.gives), store, on, project, passed)
    for type, attributes in store.named.items():
        for reader in project.resources(type):
            if reader.root == block.root:
                for name in _named(reader, attributes, names):
                    found += _named_use(reader, name, block, way, project)
    return found


def _same_name(
    block: Block, names: set[str], store: Store, project: Project
) -> Iterator[tuple[Block, Reader]]:
    """The data sources that ask for a store by one of its names."""
    for row in store.data:
        for kind in ("data", "ephemeral"):
            for reader in project.find(block, kind, row.type):
                asked = reader[row.argument].text
                if asked and (asked in names or _below(asked, names, row.type)):
                    yield reader, row


def _names(block: Block, holders: list[Block], store: Store) -> Iterator[str]:
    """The names that the code gives the store, where it states them whole."""
    for holder in holders:
        written = set(holder.names())
        asked = [name for name in store.address if name in written]
        if holder is block and store.holder:
            asked.append(store.holder)
        for name in asked:
            text = holder[name].text
            if text and not _WORD.fullmatch(text):
                yield text


def _below(asked: str, names: set[str], type: str) -> bool:
    """Whether a data source that reads all that is below a path reads one of these."""
    return type.endswith("_by_path") and any(
        name.startswith(f"{asked.rstrip('/')}/") for name in names
    )


def _named(reader: Block, attributes: tuple[str, ...], names: set[str]) -> Iterator[str]:
    """The arguments of a block that name one of the stores, as dotted paths."""
    for argument in {attribute.partition(".")[0].rstrip("*") for attribute in attributes}:
        for path, value in reader[argument].walk((argument,)):
            dotted = ".".join(step for step in path if not step.isdecimal())
            written = value.data if isinstance(value.data, str) else ""
            whole = any(fnmatchcase(dotted, attribute) for attribute in attributes)
            texts = [written] if whole else [a or b for a, b in _WRITTEN.findall(written)]
            if any(_is_one(text, names) for text in texts):
                yield dotted


def _is_one(text: str, names: set[str]) -> bool:
    """Whether a text is one of these names, or an ARN that ends in one."""
    if text in names:
        return True
    return text.startswith("arn:") and any(
        re.fullmatch(_ARN.format(name=re.escape(name.lstrip("/"))), text) for name in names
    )


def _named_use(
    reader: Block, attribute: str, block: Block, way: Way, project: Project
) -> list[Use]:
    row = catalogue.of(project).sink(reader.type, attribute)
    if row is None:
        return []
    place = reader.at(attribute.partition(".")[0])
    said = f"{reader.address}.{attribute} has the name of {block.address}"
    consumer = Consumer(
        reader.address, attribute, way.carries, place, row.category, type=reader.type
    )
    return [Use(consumer, row, way.because("name", said, place).evidence, reader)]


# --- by policy -------------------------------------------------------------------------------


def _by_grant(holders: list[Block], store: Store, way: Way, project: Project) -> list[Use]:
    """The services that a policy lets read the store, by the roles they assume."""
    found: list[Use] = []
    for holder in holders:
        for item in exits(holder, project):
            if _first(item) not in store.address:
                continue
            for role, proof in store_roles.roles(item, store.grants, project):
                for row in store_roles.services(role, project):
                    steps = (*way.on(item, _ADDRESS).evidence, *proof)
                    consumer = Consumer(
                        address=role.address,
                        attribute="assume_role_policy",
                        carries=way.carries,
                        location=role.at("assume_role_policy"),
                        category=row.category,
                        type=role.type,
                    )
                    found.append(Use(consumer, row, steps, role))
    return found
