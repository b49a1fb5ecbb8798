variable "team" {
  type = string
}

variable "tags" {
  type = map(string)
}

resource "aws_iam_user" "member" { # undetermined: RF402
  name = "member"

  tags = {
    Owner = "todo"
    Team  = var.team
  }
}

provider "aws" {
  alias = "tagged"

  default_tags {
    tags = var.tags
  }
}

resource "aws_iam_user" "default" { # undetermined: RF402
  provider = aws.tagged
  name     = "default"
  tags     = { Owner = "todo" }
}
