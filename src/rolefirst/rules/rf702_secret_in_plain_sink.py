"""RF702: the secret of a key where it can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.decision.landings import landings
from rolefirst.findings import Related, Severity
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule


class SecretInPlainSink(Rule):
    """The secret of an access key lies where it can be read

    ## Why
    User data, environment variables, tags and parameters of type String are part of what a
    resource is described by. Whoever may look at the resource reads them, far more people than may
    use the key, and so does every product that takes an inventory of the account. A command line
    is in the process list and in the log.

    ## Bad
    ```hcl
    resource "aws_iam_access_key" "app" {
      user = "app"
    }

    resource "aws_lambda_function" "app" {
      function_name = "app"
      role          = "arn:aws:iam::111122223333:role/app"

      environment { # expect: RF702
        variables = {
          SECRET = aws_iam_access_key.app.secret
        }
      }
    }
    ```

    ## Good
    ```hcl
    resource "aws_iam_access_key" "app" {
      user = "app"
    }

    resource "aws_ssm_parameter" "app" {
      name  = "/app/secret"
      type  = "SecureString"
      value = aws_iam_access_key.app.secret
    }
    ```

    ## Limits
    The catalogue of consumers says which arguments lie in the open; of a resource that it does not
    know, only tags, descriptions and the commands of provisioners do. What CI systems keep as a
    secret is encrypted there. A `local_sensitive_file` is readable for its owner alone unless its
    permissions say otherwise, and is left out. Roles need none of it: see RF101 for what can stand
    in place of the key.

    ## References
    - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
    - https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
    """

    id = "RF702"
    name = "secret_in_plain_sink"
    severity = Severity.HIGH

    def subjects(self, project: Project) -> Iterable[Block]:
        """The blocks in which the secret of some key lies open."""
        return [found[0].block for found in landings(project).values()]

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """One finding for all keys and arguments of the block."""
        found = landings(project)[block.root, block.address]
        open_ones = [landing for landing in found if not landing.doubt]
        arguments = dict.fromkeys(landing.argument for landing in open_ones or found)
        first = next(iter(arguments)).partition(".")[0]
        if not open_ones:
            name = found[0].doubt
            reason = f"whether {first} can be read depends on {name}: {block[name].why}"
            yield self.undetermined(block, reason, at=block.at(first))
            return
        keys = {(key.root, key.address): key for key in (landing.key for landing in open_ones)}
        whose = "an access key" if len(keys) == 1 else f"{len(keys)} access keys"
        where = block.at(first)
        places = {
            Related(item.at, f"the secret: {item.argument}")
            for item in open_ones
            if item.at.line != where.line
        }
        exists = f"; whether it exists depends on: {block.doubt}" if block.doubt else ""
        yield self.finding(
            block,
            f"the secret of {whose} can be read in {', '.join(arguments)}: take it out, then "
            f"rotate the key, because it has been there{exists}",
            at=where,
            related=(
                *sorted(places, key=lambda place: (place.location, place.label)),
                *(Related(key.location, f"the key: {key.address}") for key in keys.values()),
            ),
        )
