resource "aws_iam_access_key" "ci" {
  user = "ci"
}

resource "aws_iam_access_key" "each" {
  for_each = toset(["a"])
  user     = each.key
}

# The file does not name it.
resource "aws_iam_access_key" "other" { # expect: RF301
  user = "other"
}
