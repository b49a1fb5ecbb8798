"""The AWS partition of a block: a role cannot be assumed across partitions.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from rolefirst.findings import Evidence, PassedOver
from rolefirst.project import Block

#: What the names of Regions begin with; all others are of the partition aws.
_BY_REGION = {
    "us-gov-": "aws-us-gov",
    "cn-": "aws-cn",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eusc-": "aws-eusc",
}


def partition(block: Block) -> str:
    """The partition that the block's provider configuration names by its Region; else empty."""
    provider = block.provider
    region = provider["region"].text if provider is not None else None
    if not region or not block.type.startswith("aws_"):
        return ""
    return next((name for prefix, name in _BY_REGION.items() if region.startswith(prefix)), "aws")


def apart(key: Block, consumer: Block) -> tuple[Evidence, tuple[PassedOver, ...]] | None:
    """How we know that a consumer lives in another partition than the key, and what that rules out.

    None when they share one or when the code does not say.
    """
    there, here = partition(key), partition(consumer)
    if not there or not here or there == here:
        return None
    said = f"the key is of the partition {there}, and {consumer.address} runs in {here}"
    reason = f"a role of {there} cannot be assumed from {here}"
    return (
        Evidence("partition", said, consumer.location),
        (PassedOver("iam-role", reason), PassedOver("cross-account-role", reason)),
    )
