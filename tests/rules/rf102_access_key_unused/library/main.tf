# Who calls this module is not in the tree, nor is what they do with the key.
variable "name" {
  type = string
}

resource "aws_iam_access_key" "this" {
  user = var.name
}

output "id" {
  value = aws_iam_access_key.this.id
}
