# Who owns a user: its own tags and those of its own provider.
variable "tags" {
  type = map(string)
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = {
      Owner = "payments"
    }
  }
}

provider "aws" {
  alias  = "plain"
  region = "eu-west-1"
}

resource "aws_iam_user" "by_default" {
  name = "by-default"
}

resource "aws_iam_user" "other_provider" {
  provider = aws.plain
  name     = "other-provider"
}

resource "aws_iam_user" "tagged_without_owner" {
  provider = aws.plain
  name     = "tagged"

  tags = {
    Name        = "tagged"
    Environment = "prod"
  }
}

resource "aws_iam_user" "computed" {
  provider = aws.plain
  name     = "computed"
  tags     = var.tags
}
