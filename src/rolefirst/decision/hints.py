"""What the raw text of a file must contain for the catalogue to be worth reading."""

from __future__ import annotations

#: A file that calls a known key-making module contains one of these: asking for them in the raw
#: bytes is how a scan avoids reading the catalogue at all. A test holds them to the rows.
KEY_MODULE_HINTS: tuple[bytes, ...] = (
    b"modules/iam-user",
    b"iam-system-user",
    b"iam-s3-user",
    b"cloudposse/s3-bucket/",
    b"cloudposse/terraform-aws-s3-bucket",
    b"cloudposse/ses/",
    b"cloudposse/terraform-aws-ses",
    b"ministryofjustice/cloud-platform-terraform-",
    b"aws-iam-deployer",
    b"meshplatform",
)
