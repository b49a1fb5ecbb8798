# fix: review
variable "days" {
  type    = number
  default = 120
}

resource "time_rotating" "literal" {
  rotation_days = 180
}

resource "time_rotating" "variable" {
  rotation_days = var.days
}

resource "time_rotating" "months" {
  rotation_months = 6
}

resource "terraform_data" "literal" {
  triggers_replace = [time_rotating.literal.id]
}

resource "terraform_data" "variable" {
  triggers_replace = [time_rotating.variable.id]
}

resource "terraform_data" "months" {
  triggers_replace = [time_rotating.months.id]
}

resource "aws_iam_access_key" "literal" {
  user = "literal"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.literal]
  }
}

resource "aws_iam_access_key" "variable" {
  user = "variable"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.variable]
  }
}

resource "aws_iam_access_key" "months" {
  user = "months"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.months]
  }
}
