# fix: safe
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}

output "open" {
  value = nonsensitive(aws_iam_access_key.ci.secret)
}

output "plain" {
  description = "The secret."
  value       = aws_iam_access_key.ci.secret
  sensitive   = false
}

output "both" {
  value = {
    id     = aws_iam_access_key.ci.id
    secret = aws_iam_access_key.ci.secret
  }
}
