resource "aws_iam_access_key" "this" {
  user = "ci"
}

output "password" {
  description = "For SMTP."
  value       = aws_iam_access_key.this.ses_smtp_password_v4
  sensitive   = true
}
