variable "names" {
  type = set(string)
}

resource "aws_iam_access_key" "scales" {
  for_each = var.names
  user     = each.key
}
