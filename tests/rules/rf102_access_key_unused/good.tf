resource "aws_iam_access_key" "output" {
  user = "output"
}

output "secret" {
  value     = aws_iam_access_key.output.secret
  sensitive = true
}

resource "aws_iam_access_key" "stored" {
  user = "stored"
}

locals {
  pair = {
    id     = aws_iam_access_key.stored.id
    secret = aws_iam_access_key.stored.secret
  }
}

resource "aws_secretsmanager_secret" "stored" {
  name = "stored"
}

resource "aws_secretsmanager_secret_version" "stored" {
  secret_id     = aws_secretsmanager_secret.stored.id
  secret_string = jsonencode(local.pair)
}

resource "aws_iam_access_key" "each" {
  for_each = toset(["a", "b"])
  user     = each.key
}

resource "kubernetes_secret" "each" {
  for_each = aws_iam_access_key.each

  metadata {
    name = each.key
  }

  data = {
    secret = each.value.secret
  }
}

# What a module outside of this tree does with it is its own affair.
resource "aws_iam_access_key" "handed_on" {
  user = "handed-on"
}

module "parameters" {
  source = "cloudposse/ssm-parameter-store/aws"
  value  = aws_iam_access_key.handed_on.secret
}

resource "aws_iam_access_key" "inactive" {
  user   = "inactive"
  status = "Inactive"
}
