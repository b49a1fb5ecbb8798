resource "aws_iam_access_key" "ci" { # expect: RF302
  user = "ci"
}

resource "aws_iam_access_key" "each" { # expect: RF302
  for_each = toset(["a"])
  user     = each.key
}

# The file does not name it.
resource "aws_iam_access_key" "other" {
  user = "other"
}
