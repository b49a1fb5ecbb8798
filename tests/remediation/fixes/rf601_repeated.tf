# fix: review
locals {
  users = toset(["red", "blue"])
}

resource "aws_iam_user" "each" {
  for_each = local.users
  name     = each.key
}

resource "aws_iam_user_policy_attachment" "each" {
  for_each   = local.users
  user       = aws_iam_user.each[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_access_key" "each" {
  for_each = local.users
  user     = aws_iam_user.each[each.key].name
}

resource "aws_iam_user" "counted" {
  count = 2
  name  = "counted-${count.index}"
}

resource "aws_iam_user_policy_attachment" "counted" {
  count      = 2
  user       = aws_iam_user.counted[count.index].name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_access_key" "counted" {
  count = 2
  user  = aws_iam_user.counted[count.index].name
}
