resource "aws_iam_user" "named" {
  name = "named"
  tags = { Owner = "storage-team@corp.example" }
}

# One real name is enough.
resource "aws_iam_user" "one_real" {
  name = "one-real"

  tags = {
    Owner = "todo"
    Team  = "search"
  }
}

resource "aws_iam_user" "number" {
  name = "number"
  tags = { Owner = 4711 }
}

resource "aws_iam_user" "script" {
  name = "script"
  tags = { Owner = "支払い" }
}

# No owner at all is RF401, an unknown one too.
resource "aws_iam_user" "none" {
  name = "none"
}

variable "owner" {
  type = string
}

resource "aws_iam_user" "unknown" {
  name = "unknown"
  tags = { Owner = var.owner }
}
