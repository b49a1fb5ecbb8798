module "config" {
  source = "cloudposse/config/aws"
}

resource "aws_iam_user" "x" {
  name = "x"
}
