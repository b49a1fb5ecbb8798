resource "aws_iam_access_key" "ci" {
  user    = "ci"
  pgp_key = "keybase:ada"
}

output "id" {
  value = aws_iam_access_key.ci.id
}

output "encrypted" {
  value = aws_iam_access_key.ci.encrypted_secret
}

output "sensitive" {
  value     = aws_iam_access_key.ci.secret
  sensitive = true
}

output "sensitive_by_text" {
  value     = aws_iam_access_key.ci.secret
  sensitive = "true"
}
