# By reference.
resource "aws_iam_user" "referred" {
  name = "referred"
}

resource "aws_iam_access_key" "referred_a" {
  user = aws_iam_user.referred.name
}

resource "aws_iam_access_key" "referred_b" { # expect: RF105
  user   = aws_iam_user.referred.id
  status = "Active"
}

# By name, one of them through the user, in another case: AWS does not tell them apart.
resource "aws_iam_user" "named" {
  name = "named"
}

resource "aws_iam_access_key" "named_a" {
  user = "Named"
}

resource "aws_iam_access_key" "named_b" { # expect: RF105
  user = aws_iam_user.named.name
}

# A user that is declared elsewhere.
resource "aws_iam_access_key" "elsewhere_a" {
  user = "elsewhere"
}

resource "aws_iam_access_key" "elsewhere_b" { # expect: RF105
  user = "elsewhere"
}

# By the same unknown expression.
variable "name" {
  type = string
}

resource "aws_iam_user" "variable" {
  name = var.name
}

resource "aws_iam_access_key" "variable_a" {
  user = var.name
}

resource "aws_iam_access_key" "variable_b" { # expect: RF105
  user = var.name # the same
}

# Two instances of one block.
resource "aws_iam_user" "counted" {
  name = "counted"
}

resource "aws_iam_access_key" "counted" { # expect: RF105
  count = 2
  user  = aws_iam_user.counted.name
}

# One key of each person belongs here, the second does not.
resource "aws_iam_user" "each" {
  for_each = toset(["ada", "bob"])
  name     = each.key
}

resource "aws_iam_access_key" "each" {
  for_each = aws_iam_user.each
  user     = each.value.name
}

resource "aws_iam_access_key" "bob" { # expect: RF105
  user = aws_iam_user.each["bob"].name
}

# Only one of the two rotates.
resource "aws_iam_user" "half" {
  name = "half"
}

resource "time_rotating" "half" {
  rotation_days = 60
}

resource "terraform_data" "half" {
  triggers_replace = time_rotating.half.id
}

resource "aws_iam_access_key" "half_a" {
  user = aws_iam_user.half.name

  lifecycle {
    replace_triggered_by = [terraform_data.half]
  }
}

resource "aws_iam_access_key" "half_b" { # expect: RF105
  user = aws_iam_user.half.name
}
