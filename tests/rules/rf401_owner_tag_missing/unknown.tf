variable "tags" {
  type = map(string)
}

variable "owner" {
  type = string
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias = "tagged"

  default_tags {
    tags = var.tags
  }
}

resource "aws_iam_user" "all" { # undetermined: RF401
  name = "all"
  tags = var.tags
}

resource "aws_iam_user" "member" { # undetermined: RF401
  name = "member"
  tags = { Owner = var.owner }
}

resource "aws_iam_user" "default" { # undetermined: RF401
  provider = aws.tagged
  name     = "default"
  tags     = { Name = "default" }
}
