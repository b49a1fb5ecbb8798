"""A YAML file as nodes that know their lines, and what is wrong with them in words.

Nothing is constructed from a node: a value is what its text says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import yaml

from rolefirst.findings import Location, ScanError

#: A register above this size is no list that anybody reviews.
MAX_SIZE = 1_000_000
_MAX_TEXT = 2_000
_MAX_ITEMS = 500
#: The file, the list, an entry, its table, a list in it: more is no register.
_MAX_DEPTH = 8
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_TAG = "tag:yaml.org,2002:"
# The one written in C is ten times as fast and not everywhere.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Nodes = Mapping[str, yaml.Node]


@dataclass(slots=True)
class Page:
    """The file that is being read, and what is wrong in it."""

    path: str
    suffix: str = ""
    problems: list[ScanError] = field(default_factory=list)

    def refuse(self, line: int, message: str) -> None:
        """Note what is wrong and what to do about it."""
        self.problems.append(ScanError(self.path, line, message + self.suffix))

    def at(self, node: yaml.Node, value: yaml.Node | None = None) -> Location:
        """The span of a node, or of a name and its value.

        A block ends with its last value, and not where the next one starts.
        """
        start, end = node.start_mark, _last(value or node).end_mark
        return Location(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def tree(self, data: bytes) -> yaml.Node | None:
        """The document; None when there is none, or none that can be read."""
        if len(data) > MAX_SIZE:
            self.refuse(0, f"larger than {MAX_SIZE:,} bytes, not read: split the register")
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.refuse(line, "not UTF-8: save the file as UTF-8")
            return None
        try:
            if self._harmless(text):
                return yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = error.problem or error.context or "it cannot be parsed"
            self.refuse(mark.line + 1 if mark else 0, f"not valid YAML, {what}: mend it")
        except yaml.YAMLError:
            self.refuse(0, "not valid YAML, it has control characters: take them out")
        return None

    def _harmless(self, text: str) -> bool:
        """Without anchors, which make much of little, and without exhausting depth."""
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if getattr(event, "anchor", None) is not None:
                self.refuse(line, "anchors and aliases are not read: write the value out")
                return False
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _MAX_DEPTH:
                self.refuse(line, "nested too deeply: a register is a list of entries")
                return False
        return True

    def members(self, node: yaml.Node | None, prefix: str = "") -> dict[str, Location]:
        """Where each member of a table is written."""
        if not isinstance(node, yaml.MappingNode):
            return {}
        return {f"{prefix}{name.value}": self.at(name, value) for name, value in node.value}

    # --- values ---

    def table(self, node: yaml.Node | None, what: str, valid: Collection[str]) -> Nodes:
        """The members of a mapping by name; its other names are refused."""
        if node is None or _is_null(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.refuse(line_of(node), f"{what} is no table: write its elements as name: value")
            return {}
        found: dict[str, yaml.Node] = {}
        lines: dict[str, int] = {}
        for name, value in node.value:
            word = name.value if isinstance(name, yaml.ScalarNode) else "a list or table"
            if word in found:
                message = f"{what} has {word} twice, first in line {lines[word]}: keep one"
                self.refuse(line_of(name), message)
            elif word not in valid:
                message = f"{what} has no element {word[:40]!r}: {_hint(word, valid)}"
                self.refuse(line_of(name), message)
            else:
                found[word], lines[word] = value, line_of(name)
        return found

    def items(self, node: yaml.Node | None, what: str, form: str) -> list[yaml.Node]:
        """The items of a list."""
        if node is None or _is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(line_of(node), f"{what} is no list: {form}")
            return []
        if len(node.value) > _MAX_ITEMS:
            self.refuse(line_of(node), f"{what} has more than {_MAX_ITEMS} items: use fewer")
        listed: list[yaml.Node] = node.value[:_MAX_ITEMS]
        return listed

    def text(self, node: yaml.Node | None, what: str) -> str:
        """A text on one line; empty when nothing is written."""
        if node is None or _is_null(node):
            return ""
        if not isinstance(node, yaml.ScalarNode) or node.tag != f"{_TAG}str":
            self.refuse(line_of(node), f"{what} is no text: write words, or put it in quotes")
            return ""
        words = " ".join(node.value.split())
        if len(words) > _MAX_TEXT:
            message = (
                f"{what} has more than {_MAX_TEXT:,} characters: say it shorter, link the rest"
            )
            self.refuse(line_of(node), message)
        return words[:_MAX_TEXT]

    def texts(self, node: yaml.Node | None, what: str, example: str) -> tuple[str, ...]:
        """A list of texts."""
        listed = self.items(node, what, f'write it as ["{example}"]')
        read = (self.text(item, f"an item of {what}") for item in listed)
        return tuple(item for item in read if item)

    def day(self, node: yaml.Node | None, what: str) -> date | None:
        """A date."""
        if node is None or _is_null(node):
            return None
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        try:
            return date.fromisoformat(text if _DATE.fullmatch(text) else "")
        except ValueError:
            self.refuse(line_of(node), f"{what} is no date: write it as 2030-12-31")
            return None

    def number(self, node: yaml.Node | None, what: str) -> int | None:
        """A whole number from 1."""
        if node is None or _is_null(node):
            return None
        if node.tag == f"{_TAG}int" and _NUMBER.fullmatch(str(node.value)):
            return int(node.value)
        self.refuse(line_of(node), f"{what} is no whole number from 1: write it as 60")
        return None


def line_of(node: yaml.Node) -> int:
    """The line a node starts in, counted from 1."""
    line: int = node.start_mark.line
    return line + 1


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == f"{_TAG}null"


def _last(node: yaml.Node) -> yaml.Node:
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _hint(word: str, valid: Collection[str]) -> str:
    import difflib  # lazy: only for a mistake

    close = difflib.get_close_matches(word, valid, 1)
    return f"did you mean {close[0]}?" if close else "take it out"
