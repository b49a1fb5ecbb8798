resource "aws_iam_access_key" "scales" {
  user = "scales"
}

resource "aws_iam_access_key" "many" {
  for_each = toset(["one", "two"])
  user     = each.key
}
