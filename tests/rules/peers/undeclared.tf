# Rights of users that other code declares.
variable "user" {
  type = string
}

resource "aws_iam_user_policy" "open" {
  user   = var.user
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_user_policy" "elsewhere" {
  user   = "loadbalancer"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
