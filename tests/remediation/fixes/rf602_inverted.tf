# fix: review
resource "aws_iam_user" "backup" {
  name = "backup"
}

resource "aws_iam_user_policy_attachment" "backup" {
  user       = aws_iam_user.backup.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

# Only the office.
resource "aws_iam_user_policy" "source" {
  name = "source"
  user = aws_iam_user.backup.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.16/28"] } }
    }]
  })
}

resource "aws_iam_access_key" "backup" {
  user = aws_iam_user.backup.name
}
