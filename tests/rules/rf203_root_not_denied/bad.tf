resource "aws_organizations_policy" "regions" { # expect: RF203
  name = "regions"

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "eu-central-1" } }
    }]
  })
}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = "r-example"
}

# A policy on a bucket that names the account is not about the root user.
resource "aws_s3_bucket_policy" "logs" {
  bucket = "logs"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::logs/*"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
    }]
  })
}

# No service control policy.
resource "aws_organizations_policy" "tags" {
  name    = "tags"
  type    = "TAG_POLICY"
  content = jsonencode({ tags = {} })
}
