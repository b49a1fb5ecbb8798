locals {
  common = {
    "Service-Owner" = "payments@corp.example"
  }
}

resource "aws_iam_user" "owner" {
  name = "owner"
  tags = { owner = "storage-team" }
}

resource "aws_iam_user" "variant" {
  name = "variant"
  tags = merge(local.common, { Name = "variant" })
}

resource "aws_iam_user" "prefixed" {
  name = "prefixed"
  tags = { "corp:technical_owner" = "ada@corp.example" }
}

resource "aws_iam_user" "team" {
  name = "team"
  tags = { TEAM = "search" }
}

# The owner comes from the provider.
provider "aws" {
  alias = "audit"

  default_tags {
    tags = { Owner = "audit-team@corp.example" }
  }
}

resource "aws_iam_user" "by_provider" {
  provider = aws.audit
  name     = "by-provider"
}

# A placeholder is RF402.
resource "aws_iam_user" "placeholder" {
  name = "placeholder"
  tags = { Owner = "todo" }
}

# Known in one place, unknown in the other: the known one is enough.
variable "more" {
  type = map(string)
}

resource "aws_iam_user" "known_default" {
  provider = aws.audit
  name     = "known-default"
  tags     = var.more
}

# The default tags of the provider, in the words of a platform.
provider "aws" {
  alias = "platform"

  default_tags {
    tags = { GithubTeam = "search" }
  }
}

resource "aws_iam_user" "platform" {
  provider = aws.platform
  name     = "platform"
}

resource "aws_iam_user" "channel" {
  name = "channel"
  tags = { slack-channel = "ask-search" }
}

# A person (RF107) answers for it: what is missing is not a tag.
resource "aws_iam_user" "person" {
  name = "anna.berg"
}

resource "aws_iam_user_login_profile" "person" {
  user = aws_iam_user.person.name
}
