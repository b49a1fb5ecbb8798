resource "aws_iam_user" "todo" { # expect: RF402
  name = "todo"
  tags = { Owner = "ToDo" }
}

resource "aws_iam_user" "empty" { # expect: RF402
  name = "empty"
  tags = { owner = "" }
}

resource "aws_iam_user" "dash" { # expect: RF402
  name = "dash"
  tags = { Contact = " - " }
}

resource "aws_iam_user" "slash" { # expect: RF402
  name = "slash"
  tags = { Team = "n/a" }
}

resource "aws_iam_user" "tool" { # expect: RF402
  name = "tool"
  tags = { Owner = "Terraform" }
}

resource "aws_iam_user" "itself" { # expect: RF402
  name = "Backup-Bot"
  tags = { Owner = "backup-bot" }
}

resource "aws_iam_user" "template" { # expect: RF402
  name = "template"
  tags = { Owner = "<your-team>" }
}

resource "aws_iam_user" "boolean" { # expect: RF402
  name = "boolean"
  tags = { Owner = true }
}

# The tag of the user hides the good one of the provider.
provider "aws" {
  alias = "owned"

  default_tags {
    tags = { Owner = "platform@corp.example" }
  }
}

resource "aws_iam_user" "hides" { # expect: RF402
  provider = aws.owned
  name     = "hides"
  tags     = { Owner = "tbd" }
}

# The placeholder comes from the provider.
provider "aws" {
  default_tags {
    tags = { Owner = "changeme" }
  }
}

resource "aws_iam_user" "by_provider" { # expect: RF402
  name = "by-provider"
}
