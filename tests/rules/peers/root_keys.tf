# Keys of root, and keys that only look like it.
variable "user" {
  type = string
}

# No status is the default, and that is Active. No user of that name has to be declared.
resource "aws_iam_access_key" "literal" {
  user = "root"
}

resource "aws_iam_access_key" "capital" {
  user = "Root"
}

resource "aws_iam_access_key" "report" {
  user = "<root_account>"
}

resource "aws_iam_access_key" "lower_case_status" {
  user   = "root"
  status = "active"
}

resource "aws_iam_access_key" "open" {
  user = var.user
}

resource "aws_iam_access_key" "within_a_word" {
  user = "groot-deploy"
}

resource "aws_iam_user" "root_reader" {
  name = "reader"
}

resource "aws_iam_access_key" "of_label" {
  user = aws_iam_user.root_reader.name
}

resource "aws_iam_user" "root" {
  name = "root"
}

resource "aws_iam_access_key" "of_user" {
  user = aws_iam_user.root.name
}
