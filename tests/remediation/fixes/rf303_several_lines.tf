# fix: review
variable "rotation" {
  type    = string
  default = "2026-05-01"
}

resource "null_resource" "rotation" {
  triggers = {
    rotation = var.rotation
  }
}

resource "aws_iam_user" "partner" {
  name = "partner"
}

resource "aws_iam_access_key" "partner" {
  user = aws_iam_user.partner.name

  lifecycle {
    prevent_destroy = true
    # Change the variable to rotate.
    replace_triggered_by = [
      null_resource.rotation
    ]
  }
}
