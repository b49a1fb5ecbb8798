variable "create" {
  type = bool
}

variable "status" {
  type = string
}

variable "names" {
  type = set(string)
}

# What may exist is judged as if it did, and says on what it depends.
resource "aws_iam_access_key" "perhaps" { # expect: RF101
  count = var.create ? 1 : 0
  user  = "ci"
}

resource "aws_iam_access_key" "many" { # expect: RF101
  for_each = var.names
  user     = each.key
}

resource "aws_iam_access_key" "status" { # expect: RF101
  user   = "cd"
  status = var.status
}
