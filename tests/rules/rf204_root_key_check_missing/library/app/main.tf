resource "aws_iam_user" "app" {
  name = "app"
}
