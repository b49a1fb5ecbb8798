# fix: review
resource "aws_iam_user" "git" {
  name = "git"
}

resource "aws_iam_service_specific_credential" "git" {
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.git.name
}

resource "github_actions_secret" "git" {
  repository      = "shop"
  secret_name     = "GIT_PASSWORD"
  plaintext_value = aws_iam_service_specific_credential.git.service_password
}
