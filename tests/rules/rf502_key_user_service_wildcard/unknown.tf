variable "resource" {
  type = string
}

variable "service" {
  type = string
}

variable "statements" {
  type = list(any)
}

resource "aws_iam_user" "resource" { # undetermined: RF502
  name = "resource"
}

resource "aws_iam_user_policy" "resource" {
  user = aws_iam_user.resource.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = var.resource }]
  })
}

resource "aws_iam_user" "passes" { # undetermined: RF502
  name = "passes"
}

resource "aws_iam_user_policy" "passes" {
  user = aws_iam_user.passes.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = "*"
      Condition = { StringLike = { "iam:PassedToService" = var.service } }
    }]
  })
}

# Here it may be more than a service: RF501 asks.
resource "aws_iam_user" "statements" {
  name = "statements"
}

resource "aws_iam_user_policy" "statements" {
  user   = aws_iam_user.statements.name
  policy = jsonencode({ Version = "2012-10-17", Statement = var.statements })
}

# What it does to one bucket is not open, only which.
resource "aws_iam_user" "bucket" {
  name = "bucket"
}

resource "aws_iam_user_policy" "bucket" {
  user = aws_iam_user.bucket.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::${var.resource}/*" }]
  })
}
