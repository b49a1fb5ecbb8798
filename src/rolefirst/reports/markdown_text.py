"""Text of a scanned repository in GitHub's and GitLab's Markdown: shown, and never obeyed.

Names of code stand in code spans, sentences are escaped. Besides Markdown and HTML the platforms
know mentions (``@team`` sends mail), references (``#1``, ``!1``), commits and bare addresses of
websites; an empty comment inside of them leaves the words and takes the meaning.
"""

from __future__ import annotations

import html
import re

from rolefirst.reports import mask
from rolefirst.reports.terminal import escape, fit
from rolefirst.reports.text_lines import say

#: What a platform turns into a link or a mail, up to where it is broken.
_LINK = re.compile(
    r"@(?=\w)|[#!~%&$^](?=\w)|\bGH-(?=\d)|://|\bwww\.|[0-9a-f]{6}(?=[0-9a-f])", re.IGNORECASE
)
_BREAK = "<!-- -->"
#: A name or sentence of any length would take the room of all others in a comment.
_LONGEST_NAME, _LONGEST_SENTENCE = 300, 2_000
#: What Markdown reads anywhere, and what it reads at the start of a line.
_MEANS = re.compile(r"[\\`*_\[\]|~$]|^[#+=-]")
_NUMBER = re.compile(r"^(\d+)(?=[.)])")


def prose(text: str) -> str:
    """A sentence that reads as it is written and does nothing."""
    shown, parts, start = fit(say(text), _LONGEST_SENTENCE), [], 0
    for found in _LINK.finditer(shown):
        parts += [_plain(shown[start : found.end()]), _BREAK]
        start = found.end()
    return "".join((*parts, _plain(shown[start:])))


def sentence(text: str) -> str:
    """Prose in which the parts between backticks are names of code."""
    # Masked and cut as a whole: a secret must not escape the mask where the text is split.
    shown = fit(say(text), _LONGEST_SENTENCE)
    parts = shown.split("`")
    paired = len(parts) % 2 == 1 and all(part.strip() for part in parts[1::2])
    if not paired or not all(parts[1:-1]):
        return prose(text)
    shown_parts = (_span(p.strip(" ")) if n % 2 else prose(p) for n, p in enumerate(parts))
    return "".join(shown_parts)


def _plain(text: str) -> str:
    escaped = _MEANS.sub(lambda found: "\\" + found[0], html.escape(text, quote=False))
    return _NUMBER.sub(r"\1\\", escaped)


def code(text: str) -> str:
    """A name of code, in a fence of backticks that is longer than any inside."""
    return _span(fit(say(text).strip(" "), _LONGEST_NAME) or "?")


def _span(shown: str) -> str:
    fence = _fence(shown, 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def cell(text: str) -> str:
    """A name of code in a table, where a bar ends the cell even inside of a code span."""
    return code(text).replace("|", "\\|")


def tag(text: str) -> str:
    """A name of code inside of an HTML element, where Markdown is not read."""
    return f"<code>{html.escape(fit(say(text), _LONGEST_NAME))}</code>"


def block(text: str, language: str) -> str:
    """Lines of code as a fenced block."""
    lines = [escape(line.expandtabs(4)) for line in mask(text).strip("\n").split("\n")]
    shown = "\n".join(lines)
    fence = _fence(shown, 3)
    return f"{fence}{language}\n{shown}\n{fence}"


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)
