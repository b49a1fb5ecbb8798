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

# In module.stays the trigger is fixed, which is RF303; in module.rotates a clock drives it.
resource "aws_iam_access_key" "this" {
  user = var.name

  lifecycle {
    replace_triggered_by = [terraform_data.generation]
  }
}
