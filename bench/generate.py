"""Writes Terraform trees of a given size: the same arguments give the same bytes.

    python bench/generate.py mixed 1000 /tmp/tree

A tree is a number of root modules with at most 100 blocks each, ten blocks to a file. ``clean`` has
no IAM at all, ``mixed`` one IAM block in twenty, ``dense`` four in five: users, policies, keys and
the places that take a key's secret.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

PROFILES = ("clean", "mixed", "dense")
BLOCKS_PER_ROOT = 100
BLOCKS_PER_FILE = 10

#: Ordinary infrastructure: no word of these blocks concerns IAM.
PLAIN = (
    """\
resource "aws_s3_bucket" "b{n}" {{
  bucket = "northwind-data-{n}"

  tags = {{
    Owner = "team-data"
    Stage = var.stage
  }}
}}
""",
    """\
resource "aws_security_group" "g{n}" {{
  name   = "service-{n}"
  vpc_id = var.vpc_id

  ingress {{
    description = "HTTPS from the load balancer"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [cidrsubnet(var.cidr, 8, {m})]
  }}
}}
""",
    """\
resource "aws_cloudwatch_metric_alarm" "a{n}" {{
  alarm_name          = format("%s-queue-%d", var.stage, {n})
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  metric_name         = "ApproximateAgeOfOldestMessage"
  namespace           = "AWS/SQS"
  period              = 60
  statistic           = "Maximum"
  threshold           = {m}
}}
""",
    """\
resource "aws_sqs_queue" "q{n}" {{
  name                       = "jobs-{n}"
  visibility_timeout_seconds = {m}
  message_retention_seconds  = 1209600

  redrive_policy = jsonencode({{
    deadLetterTargetArn = "arn:aws:sqs:eu-central-1:111122223333:dead-letters"
    maxReceiveCount     = 4
  }})
}}
""",
    """\
output "o{n}" {{
  description = "For the dashboards"
  value       = "service-{n} in ${{var.stage}}"
}}
""",
)

#: One workload that runs on a key: five blocks that refer to each other.
KEYED = (
    """\
resource "aws_iam_user" "u{n}" {{
  name = "svc-{n}"
}}
""",
    """\
resource "aws_iam_access_key" "k{n}" {{
  user = aws_iam_user.u{n}.name
}}
""",
    """\
resource "aws_iam_user_policy" "p{n}" {{
  name = "svc-{n}"
  user = aws_iam_user.u{n}.name

  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::northwind-data-{n}/*"
    }}]
  }})
}}
""",
    """\
resource "aws_lambda_function" "f{n}" {{
  function_name = "svc-{n}"
  role          = "arn:aws:iam::111122223333:role/lambda"
  handler       = "main.handler"
  runtime       = "python3.13"
  filename      = "svc.zip"

  environment {{
    variables = {{
      AWS_ACCESS_KEY_ID     = aws_iam_access_key.k{n}.id
      AWS_SECRET_ACCESS_KEY = aws_iam_access_key.k{n}.secret
    }}
  }}
}}
""",
    """\
resource "aws_iam_role" "r{n}" {{
  name = "batch-{n}"

  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "ecs-tasks.amazonaws.com" }}
    }}]
  }})
}}
""",
)

HEADER = """\
variable "stage" {
  type    = string
  default = "prod"
}

variable "vpc_id" {
  type    = string
  default = "vpc-0a1b2c3d"
}

variable "cidr" {
  type    = string
  default = "10.0.0.0/8"
}

provider "aws" {
  region = "eu-central-1"
}

"""


def _blocks(texts: tuple[str, ...]) -> Iterator[str]:
    """The texts over and over, numbered: all blocks of one round share a number."""
    for n in itertools.count(1):
        for text in texts:
            yield text.format(n=n, m=n % 250 + 1)


def _plan(profile: str) -> Callable[[int], bool]:
    """Whether the block at an index is one of the keyed ones."""
    if profile == "clean":
        return lambda index: False
    # Whole rounds of five stay together, so that references stay within a root module.
    if profile == "mixed":
        return lambda index: index % 100 // 5 == 7
    return lambda index: index % 25 < 20


def blocks(profile: str, count: int) -> Iterator[str]:
    """The text of each of ``count`` blocks."""
    keyed, plain, wants_key = _blocks(KEYED), _blocks(PLAIN), _plan(profile)
    for index in range(count):
        yield next(keyed if wants_key(index) else plain)


def generate(profile: str, count: int, target: Path) -> int:
    """Write ``count`` blocks below ``target``; returns the number of files."""
    files = 0
    stream = blocks(profile, count)
    for first in range(0, count, BLOCKS_PER_ROOT):
        root = target / f"area{first // 10_000:03}" / f"stack{first // BLOCKS_PER_ROOT:05}"
        root.mkdir(parents=True)
        (root / "main.tf").write_text(HEADER, encoding="utf-8")
        files += 1
        size = min(BLOCKS_PER_ROOT, count - first)
        for number, start in enumerate(range(0, size, BLOCKS_PER_FILE)):
            chunk = itertools.islice(stream, min(BLOCKS_PER_FILE, size - start))
            (root / f"part{number}.tf").write_text("\n".join(chunk), encoding="utf-8")
            files += 1
    return files


def main() -> None:
    """Write one tree as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("profile", choices=PROFILES)
    parser.add_argument("blocks", type=int, help="how many resource and output blocks")
    parser.add_argument("target", type=Path, help="a directory that does not exist yet")
    arguments = parser.parse_args()
    files = generate(arguments.profile, arguments.blocks, arguments.target)
    print(f"{arguments.target}: {arguments.blocks} blocks in {files} files")


if __name__ == "__main__":
    main()
