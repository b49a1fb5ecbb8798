# fix: review
resource "aws_iam_user" "backup" {
  name = "backup"
}

data "aws_iam_policy_document" "backup" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::acme-backup/*"]
  }
}

resource "aws_iam_user_policy" "backup" {
  name   = "backup"
  user   = aws_iam_user.backup.name
  policy = data.aws_iam_policy_document.backup.json
}

resource "aws_iam_access_key" "backup" {
  user = aws_iam_user.backup.name
}
