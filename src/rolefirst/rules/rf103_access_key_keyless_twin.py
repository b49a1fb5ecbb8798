"""RF103: a role could do what the key does."""

from collections.abc import Iterator

from rolefirst.decision.keys import Key, Origin
from rolefirst.decision.order import decide, twin
from rolefirst.findings import Related, Severity
from rolefirst.iam.users import ACCESS_KEY, is_active
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule


class AccessKeyKeylessTwin(Rule):
    """A role with the same permissions exists for the workload that uses the key

    ## Why
    Most of the work of replacing a key is the role: its trust and its policies. Here that is done
    already, often as the rest of a migration that nobody finished. What is left is to take the
    key away from the workload and to delete it.

    ## Bad
    ```hcl
    data "aws_iam_policy_document" "uploads" {
      statement {
        actions   = ["s3:GetObject", "s3:PutObject"]
        resources = ["arn:aws:s3:::acme-uploads/*"]
      }
    }

    resource "aws_iam_user" "app" {
      name = "app"
    }

    resource "aws_iam_user_policy" "app" {
      user   = aws_iam_user.app.name
      policy = data.aws_iam_policy_document.uploads.json
    }

    resource "aws_iam_access_key" "app" { # expect: RF103
      user = aws_iam_user.app.name
    }

    resource "aws_iam_role" "app" {
      name = "app"
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = "lambda.amazonaws.com" }
        }]
      })
    }

    resource "aws_iam_role_policy" "app" {
      role   = aws_iam_role.app.name
      policy = data.aws_iam_policy_document.uploads.json
    }

    resource "aws_lambda_function" "app" {
      function_name = "app"
      role          = aws_iam_role.app.arn
      environment {
        variables = { AWS_SECRET = aws_iam_access_key.app.secret }
      }
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_role" "app" {
      name = "app"
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = "lambda.amazonaws.com" }
        }]
      })
    }

    resource "aws_lambda_function" "app" {
      function_name = "app"
      role          = aws_iam_role.app.arn
    }
    ```

    ## Limits
    The role must hold every policy of the user, the same one or one that says the same, in the
    same root module and provider configuration. Wildcards are compared as written. The workload
    must run as the role or be one that the role trusts. Where a policy or the trust is unknown
    there is no finding, and a role that comes close stands in the evidence of RF101. Published
    modules are known only where they make roles for pods and pipelines.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios.html
    """

    id = "RF103"
    name = "access_key_keyless_twin"
    severity = Severity.HIGH
    resources = (ACCESS_KEY,)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Look for a role with the policies of the user and a fitting trust."""
        if is_active(block) is False:
            return
        key = Key(block, Origin.RESOURCE)
        found = twin(key, project)
        if found is None:
            return
        decision = decide(key, project)
        yield self.finding(
            block,
            f"{found.sentence}: take the key away from the workload, then delete it",
            confidence=decision.confidence,
            related=(Related(found.role.location, f"the role: {found.role.address}"),),
            decision=decision,
        )
