# Ordinary keys: that there are any, how many, and whether anything rotates them.
resource "aws_iam_access_key" "ordinary" {
  user = "app"
}

#checkov:skip=RF101:approved until 2020-01-01
resource "aws_iam_access_key" "approved_once" {
  user = "once"
}

resource "aws_iam_access_key" "bob_1" {
  user = "bob"
}

resource "aws_iam_access_key" "bob_2" {
  user = "bob"
}

# The name of the one begins like that of the other.
resource "aws_iam_access_key" "bobby" {
  user = "bobby"
}

resource "aws_iam_access_key" "counted" {
  count = 2
  user  = "counted"
}

resource "aws_iam_access_key" "each" {
  for_each = toset(["blue", "green"])
  user     = "each"
}

resource "aws_iam_access_key" "john" {
  user = "john.doe"
}

resource "aws_iam_access_key" "mary" {
  user = "mary.doe"
}

resource "aws_iam_access_key" "used" {
  user = "half"
}

resource "aws_iam_access_key" "switched_off" {
  user   = "half"
  status = "Inactive"
}
