# Terraform refuses to print a secret, until somebody takes its objection away.

output "ci_secret" {
  value = nonsensitive(aws_iam_access_key.ci.secret)
}

output "anna_password" {
  value = aws_iam_user_login_profile.anna.encrypted_password
}

output "anna_secret" {
  value = aws_iam_access_key.anna.encrypted_secret
}
