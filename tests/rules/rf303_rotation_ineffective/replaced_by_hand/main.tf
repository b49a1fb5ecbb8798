resource "aws_iam_access_key" "ci" { # expect: RF303
  user = "ci"
}

resource "aws_iam_access_key" "each" { # expect: RF303
  for_each = toset(["a"])
  user     = each.key
}

# The file does not name it.
resource "aws_iam_access_key" "other" {
  user = "other"
}
