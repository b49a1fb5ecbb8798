variable "status" {
  type = string
}

variable "other" {
  type = string
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "a" {
  user = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "b" { # undetermined: RF105
  user   = aws_iam_user.ci.name
  status = var.status
}

# The unknown one stands first.
resource "aws_iam_user" "cd" {
  name = "cd"
}

resource "aws_iam_access_key" "c" {
  user   = aws_iam_user.cd.name
  status = var.status
}

resource "aws_iam_access_key" "d" { # undetermined: RF105
  user = aws_iam_user.cd.name
}

# Nothing says that these two belong to one user.
resource "aws_iam_access_key" "e" {
  user = var.other
}

resource "aws_iam_access_key" "f" {
  user = "${var.other}-f"
}

# Perhaps only one of the two exists.
variable "old" {
  type = bool
}

resource "aws_iam_user" "cm" {
  name = "cm"
}

resource "aws_iam_access_key" "g" {
  count = var.old ? 1 : 0
  user  = aws_iam_user.cm.name
}

resource "aws_iam_access_key" "h" { # undetermined: RF105
  count = var.old ? 0 : 1
  user  = aws_iam_user.cm.name
}
