"""Published modules that declare one IAM user, and the arguments that give it policies.

Their code is mostly not in the tree; what a call hands them is.
"""

from __future__ import annotations

import re
from typing import cast

from rolefirst.project import Block, Project

_SOURCE = re.compile(
    r"terraform-aws-(?:modules/)?iam(?:/aws|\.git)?//modules/iam-user\b"
    r"|cloudposse/(?:terraform-aws-)?iam-system-user(?![\w-])"
)
#: Arguments with ARNs of policies, and with documents; their names differ from module to module.
ATTACHED = ("policies", "policy_arns", "policy_arns_map")
INLINE = (
    *("inline_policies", "inline_policies_map"),
    *("source_inline_policy_documents", "override_inline_policy_documents"),
)
_SWITCHES = ("create", "create_user", "enabled")


def declares_user(block: Block) -> bool:
    """Whether a block calls such a module, and does not switch it off."""
    if block.kind != "module" or not _SOURCE.search(block["source"].text or ""):
        return False
    return all(str(block[name].data).casefold() != "false" for name in _SWITCHES)


def user_modules(project: Project) -> tuple[Block, ...]:
    """The calls of such modules, as far as their code is not in the tree."""
    memo = ("modules with users", "", "")
    if memo not in project.memo:
        project.memo[memo] = tuple(call for call in project.modules() if declares_user(call))
    return cast("tuple[Block, ...]", project.memo[memo])
