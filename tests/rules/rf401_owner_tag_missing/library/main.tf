variable "name" {
  type = string
}

# Whoever calls this module may have default_tags.
resource "aws_iam_user" "this" { # undetermined: RF401
  name = var.name
}

resource "aws_iam_user" "owned" {
  name = "owned"
  tags = { Owner = "platform@corp.example" }
}
