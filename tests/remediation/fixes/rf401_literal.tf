# fix: review
resource "aws_iam_user" "ci" {
  name = "ci"

  tags = {
    Project = "shop"
  }
}

resource "aws_iam_user" "bare" {
  name = "bare"
}

resource "aws_iam_user" "merged" {
  name = "merged"
  tags = merge(local.tags, { Stage = "prod" })
}

resource "aws_iam_user" "shared" {
  name = "shared"
  path = "/systems/"
  tags = local.tags
}

locals {
  tags = {
    Project = "shop"
  }
}

resource "aws_iam_user" "wide" {
  name          = "wide"
  force_destroy = true

  tags = merge(local.tags, {
    Name  = "wide"
    Stage = "prod"
  })
}

resource "aws_iam_user" "apart" {
  name = "apart"

  tags = merge(
    local.tags,
    {
      Stage = "prod"
    },
  )
}
