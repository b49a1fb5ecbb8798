variable "secret" {}
variable "name" {}

resource "aws_iam_user" "u" {
  name = var.name
}

resource "aws_iam_access_key" "k" {
  user = aws_iam_user.u.name
}

# This is the secret of the caller's key, not of the one above, although both are called k.
resource "aws_ssm_parameter" "handed_in" {
  name  = var.name
  type  = "String"
  value = var.secret
}

output "secret" {
  value = aws_iam_access_key.k.secret
}
