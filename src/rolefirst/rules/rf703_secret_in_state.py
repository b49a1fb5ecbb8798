"""RF703: the secret of a key is plaintext in the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Origin, keys
from rolefirst.findings import Severity
from rolefirst.iam.users import ACCESS_KEY, is_active
from rolefirst.project import Block, Carries, Project
from rolefirst.rules.base import Result, Rule

#: What ``pgp_key`` leaves empty.
_PLAIN = (Carries.SECRET, Carries.SES_PASSWORD, Carries.WHOLE)


class SecretInState(Rule):
    """The secret of an access key is plain text in the state

    ## Why
    Terraform writes what a resource gives back into the state. Whoever may read the state, each
    of its old versions and each saved plan can sign in with the key. `sensitive = true` hides a
    value from the screen and `ephemeral` and write-only arguments keep it out of the resource
    that takes it; neither takes the secret out of the key's own record.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "ci" { # expect: RF703
      user = "ci"
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_access_key" "ada" {
      user    = "ada"
      pgp_key = "keybase:ada"
    }
    ```

    ## Limits
    With `pgp_key` the state holds `encrypted_secret` and `encrypted_ses_smtp_password_v4` alone;
    that the PGP key is in the right hands, the code does not say. Inactive keys are left to
    RF106. A service-specific credential cannot be encrypted. A key inside of a published module
    counts unless the call sets an argument whose name says PGP. Encryption of the backend protects
    the file, not from those who may read the state.

    ## References
    - https://developer.hashicorp.com/terraform/language/manage-sensitive-data
    - https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_access_key
    """

    id = "RF703"
    name = "secret_in_state"
    severity = Severity.LOW

    def subjects(self, project: Project) -> Iterable[Block]:
        """Every key that Terraform makes; what a script makes is in no state."""
        return [key.block for key in keys(project) if key.origin is not Origin.SCRIPT]

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Active and not encrypted."""
        active = is_active(block) if block.kind == "resource" else True
        if active is False:
            return
        argument = _pgp_argument(block)
        pgp_key = block[argument]
        if pgp_key.unknown:
            yield self.undetermined(block, f"{argument}: {pgp_key.why}")
        elif pgp_key.data not in (None, ""):
            return
        elif active is None:
            yield self.undetermined(block, f"status: {block['status'].why}")
        else:
            way = _way(block, project) if block.type == ACCESS_KEY else ""
            yield self.finding(
                block, f"whoever may read the state can read the secret of this key{way}"
            )


def _way(key: Block, project: Project) -> str:
    """What pgp_key would do: whatever reads the plain secret would find nothing any more."""
    plain = " (sensitive = true does not change that); where the key has to stay, "
    if any(item.carries in _PLAIN for item in exits(key, project)):
        return f"{plain}hand on encrypted_secret, which pgp_key leaves in place of the secret"
    return f"{plain}set pgp_key"


def _pgp_argument(block: Block) -> str:
    """The argument that has the secret encrypted; modules have their own names for it."""
    if block.kind == "module":
        return next((name for name in block.names() if "pgp" in name), "pgp_key")
    return "pgp_key"
