variable "name" {
  type = string
}

variable "generation" {
  type    = string
  default = ""
}

resource "terraform_data" "generation" {
  triggers_replace = [var.generation]
}

# Fixed in module.stays, driven by a clock in module.rotates.
resource "aws_iam_access_key" "this" { # expect: RF303
  user = var.name

  lifecycle {
    replace_triggered_by = [terraform_data.generation]
  }
}
