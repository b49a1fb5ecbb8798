terraform {
  required_version = ">= 1.11" # secret_string_wo

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
    time = {
      source  = "hashicorp/time"
      version = ">= 0.12, < 1.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

locals {
  bucket_arn = "arn:aws:s3:::northwind-weighing-records"
}

# The scales in the warehouse speak S3 and know nothing but a key: no certificate store, no browser.
resource "aws_iam_user" "scales" {
  name = "warehouse-scales"
  path = "/access-key-exceptions/"

  tags = {
    Owner     = "team-warehouse@northwind.example"
    Exception = "EXC-2026-004"
  }
}

# Permissions: one action on one prefix.
resource "aws_iam_user_policy" "upload" {
  name = "upload"
  user = aws_iam_user.scales.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "${local.bucket_arn}/incoming/*"
    }]
  })
}

# Source: the warehouse's own address, whatever else is ever allowed.
resource "aws_iam_user_policy" "source" {
  name = "only-from-the-warehouse"
  user = aws_iam_user.scales.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Deny"
      Action   = "*"
      Resource = "*"
      Condition = {
        NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] }
        BoolIfExists         = { "aws:ViaAWSService" = "false" }
      }
    }]
  })
}
