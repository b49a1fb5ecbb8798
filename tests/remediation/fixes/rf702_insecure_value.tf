# fix: review
resource "aws_iam_access_key" "ci" {
  user = "ci"
}

resource "aws_ssm_parameter" "ci" {
  for_each = {
    id     = aws_iam_access_key.ci.id
    secret = aws_iam_access_key.ci.secret
  }

  name      = "/ci/${each.key}"
  type      = "String"
  value     = each.value
  overwrite = true
}
