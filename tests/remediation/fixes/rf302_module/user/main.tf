variable "name" {
  type = string
}

resource "time_rotating" "this" {
  rotation_days = 365
}

resource "terraform_data" "this" {
  triggers_replace = [time_rotating.this.id]
}

resource "aws_iam_access_key" "this" {
  user = var.name

  lifecycle {
    replace_triggered_by = [terraform_data.this]
  }
}
