resource "aws_s3_bucket" "uploads" {
  bucket = "acme-uploads"
}

resource "aws_iam_user" "one_bucket" {
  name = "one-bucket"
}

resource "aws_iam_user_policy" "one_bucket" {
  user = aws_iam_user.one_bucket.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:*"
        Resource = [aws_s3_bucket.uploads.arn, "${aws_s3_bucket.uploads.arn}/*"]
      },
      { Effect = "Allow", Action = ["s3:List*", "ec2:Describe*"], Resource = "*" },
      { Effect = "Allow", Action = "ses:SendRawEmail", Resource = "*" },
    ]
  })
}

resource "aws_iam_user" "tagged" {
  name = "tagged"
}

resource "aws_iam_user_policy" "tagged" {
  user = aws_iam_user.tagged.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "ec2:*"
        Resource  = "*"
        Condition = { StringEquals = { "aws:ResourceTag/team" = "shop" } }
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = "*"
        Condition = { StringEquals = { "iam:PassedToService" = "glue.amazonaws.com" } }
      },
      { Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::111122223333:role/deploy" },
    ]
  })
}

resource "aws_iam_user" "read_only" {
  name = "read-only"
}

resource "aws_iam_user_policy_attachment" "read_only" {
  user       = aws_iam_user.read_only.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

# RF501 and RF503 speak about these.
resource "aws_iam_user" "admin" {
  name = "admin"
}

resource "aws_iam_user_policy_attachment" "admin" {
  for_each   = toset(["AdministratorAccess", "AmazonS3FullAccess"])
  user       = aws_iam_user.admin.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_iam_user" "iam" {
  name = "iam"
}

resource "aws_iam_user_policy_attachment" "iam" {
  user       = aws_iam_user.iam.name
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}

# Tickets to AWS reach nothing else.
resource "aws_iam_user" "support" {
  name = "support"
}

resource "aws_iam_user_policy" "support" {
  user = aws_iam_user.support.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "support:*", Resource = "*" }]
  })
}
