"""What all fixes have in common: the scene they are written for, and how they are rendered.

A template is ``templates/remediation/fixes/<name>.tf.j2``. Its block ``terraform`` is the new code,
its block ``steps`` has one step per line; each may be missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rolefirst.findings import Edit, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation import templates
from rolefirst.remediation.attachments import module_of
from rolefirst.remediation.context import cli_user
from rolefirst.remediation.expressions import is_reference
from rolefirst.remediation.filters import Safe, is_provider, label
from rolefirst.remediation.names import EMPTY

#: A traversal of a resource, without the index of an instance.
_INDEX = re.compile(r"\[[^\]]*\]\Z")


@dataclass(frozen=True, slots=True)
class Fix:
    """One template filled in for ``block``, beside which the new code belongs.

    ``label`` starts the names of what is written, ``suffix`` ends them where there is one; both
    name its file.
    """

    template: str
    block: Block
    label: Safe
    suffix: str = ""

    def remediation(
        self,
        edits: Iterable[Edit | None] = (),
        *,
        safe: bool = False,
        **values: object,
    ) -> Remediation:
        """The rendered fix. When an edit is not possible none is made: the steps say all of it.

        New code that works only together with an edit then has no file either.
        """
        wanted = tuple(edits)
        made = tuple(dict.fromkeys(edit for edit in wanted if edit is not None))
        whole = len([edit for edit in wanted if edit is None]) == 0
        terraform, steps = self._rendered(values | {"edited": whole and bool(wanted)})
        directory = posixpath.dirname(self.block.location.path)
        file = (
            posixpath.join(directory, f"{_with(self.label, self.suffix)}.tf")
            if terraform and whole
            else ""
        )
        return Remediation(
            template=self.template,
            terraform=terraform,
            steps=steps,
            applicability="safe" if safe and whole and (made or terraform) else "review",
            file=file,
            edits=made if whole else (),
        )

    def _rendered(self, values: dict[str, object]) -> tuple[str, tuple[str, ...]]:
        template = templates().get_template(f"remediation/fixes/{self.template}.tf.j2")
        alias = provider_of(self.block)
        context = template.new_context(
            {
                "address": self.block.address,
                "here": here(self.block),
                "module": module_of(self.block),
                "label": self.label,
                "provider_alias": alias,
                **values,
            }
        )
        parts = {
            name: "".join(template.blocks[name](context)) if name in template.blocks else ""
            for name in ("terraform", "steps")
        }
        code = parts["terraform"].strip("\n")
        steps = [line for line in parts["steps"].splitlines() if line]
        if module_of(self.block) and "\nvariable " in f"\n{code}":
            steps.insert(0, "Pass the new variables in every call of the module.")
        return (f"{code}\n" if code else "", tuple(steps))


def here(block: Block) -> str:
    """How code beside a block names it, all instances of it."""
    return _INDEX.sub("", block.address.removeprefix(module_of(block)))


def provider_of(block: Block) -> str:
    """The provider configuration that a block names itself; what it is given it has anyway."""
    written = block.expression("provider").strip('" ')
    return written if is_provider(written) else ""


def free_label(
    wanted: str, block: Block, project: Project, *types: str, suffixes: Collection[str] = ("",)
) -> Safe:
    """``wanted``, numbered where the module of ``block`` has something called so already.

    That is a variable, a local, or a resource or data source of these types; ``suffixes`` are how
    the names end that will be made. A name that says nothing gives way to that of the folder.
    """
    taken = {each.name for kind in ("variable", "local") for each in project.find(block, kind)}
    for kind in ("resource", "data"):
        taken |= {each.name for type in types for each in project.find(block, kind, type)}
    base = label(_speaking(wanted, block, project), 48)
    numbered = (label(f"{base}_{number}") for number in range(2, len(taken) + 3))
    return next(
        each
        for each in (base, *numbered)
        if not any(_is_of(name, _with(each, suffix)) for suffix in suffixes for name in taken)
    )


def _speaking(name: str, block: Block, project: Project) -> str:
    """A name, or that of the folder where it says nothing and no block beside it is called so."""
    folder = posixpath.basename(posixpath.dirname(block.location.path))
    beside = {label(each.name) for each in project.find(block, block.kind, block.type)}
    return folder if name in EMPTY and folder and label(folder) not in beside else name


def _with(name: str, suffix: str) -> str:
    return f"{name}_{suffix}" if suffix else name


def _is_of(taken: str, made: str) -> bool:
    """Whether a name that is taken would be made, with more words behind or as it is."""
    return taken == made or taken.startswith(f"{made}_")


def user_for_command(user: Block | None) -> str:
    """The name of a user as a word of a command line, or a placeholder."""
    return cli_user((user["name"].text or "") if user is not None else "")


def instances(block: Block) -> tuple[Safe, Safe] | None:
    """The meta-argument that repeats a block for every instance of another, and one of those.

    The meta-argument is empty for a block that is there once. None when code cannot name it.
    """
    name = here(block)
    if not is_reference(name):
        return None
    written = set(block.names())
    if "for_each" in written:
        return Safe(f"for_each = {name}"), Safe(f"{name}[each.key]")
    if "count" in written:
        return Safe(f"count = length({name})"), Safe(f"{name}[count.index]")
    return Safe(""), Safe(name)
