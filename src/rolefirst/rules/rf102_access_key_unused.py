"""RF102: nothing reads the key."""

from collections.abc import Iterator

from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Key, Origin
from rolefirst.decision.order import decide
from rolefirst.findings import Confidence, Severity
from rolefirst.iam.users import is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule


class AccessKeyUnused(Rule):
    """Nothing in the code reads the access key

    ## Why
    A key that nothing reads is a leftover, or somebody took it out of the state by hand. A
    leftover is risk without use; a key handed over by hand has no trace of who holds it. Either
    way the first step is to look when it was last used.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "old" { # expect: RF102
      user = "reports"
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_access_key" "mail" {
      user = "mail"
    }

    resource "aws_ssm_parameter" "password" {
      name  = "/mail/smtp-password"
      type  = "SecureString"
      value = aws_iam_access_key.mail.ses_smtp_password_v4
    }
    ```

    ## Limits
    A key may be read from the state, with `terraform output` of a parent that is not in the tree,
    or by a script. What the outputs of a module hand on counts as read, also where its callers are
    not in the tree.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html
    """

    id = "RF102"
    name = "access_key_unused"
    severity = Severity.MEDIUM
    confidence = Confidence.MEDIUM
    resources = ("aws_iam_access_key",)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """No place takes its secret, its SMTP password or the whole of it."""
        if is_active(block) is False:
            return
        leaving = exits(block, project)
        if any(item.carries.usable for item in leaving):
            return
        rest = "only its id is read" if leaving else "neither its id nor its secret is read"
        decision = decide(Key(block, Origin.RESOURCE), project)
        message = f"{rest} anywhere in the code: check when it was last used, then delete it"
        yield self.finding(block, message, decision=decision)
