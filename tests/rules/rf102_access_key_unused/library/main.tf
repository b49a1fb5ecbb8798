# Who calls this module is not in the tree. What no output hands on, no caller can read.
variable "name" {
  type = string
}

resource "aws_iam_access_key" "kept" { # expect: RF102
  user = var.name
}

resource "aws_iam_access_key" "handed_on" {
  user = var.name
}

output "kept_id" {
  value = aws_iam_access_key.kept.id
}

output "handed_on" {
  value     = aws_iam_access_key.handed_on.secret
  sensitive = true
}
