# fix: review
provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = {
      team = "todo"
    }
  }
}

resource "aws_iam_user" "ci" {
  name = "ci"

  tags = {
    Owner   = "tbd"
    Project = "shop"
  }
}

resource "aws_iam_user" "other" {
  name = "other"
}
