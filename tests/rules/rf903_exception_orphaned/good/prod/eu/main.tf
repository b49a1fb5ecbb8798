resource "aws_iam_access_key" "prod" {
  user = "prod"
}
