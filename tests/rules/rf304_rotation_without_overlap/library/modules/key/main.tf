variable "name" {
  type = string
}

resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

# Who calls the module may hand the key to a resource.
resource "aws_iam_access_key" "this" { # undetermined: RF304
  user = var.name

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.clock]
  }
}

output "secret" {
  value     = aws_iam_access_key.this.secret
  sensitive = true
}
