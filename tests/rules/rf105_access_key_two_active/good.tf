resource "aws_iam_user" "one" {
  name = "one"
}

resource "aws_iam_access_key" "one" {
  user = aws_iam_user.one.name
}

# The other one is switched off.
resource "aws_iam_access_key" "one_before" {
  user   = aws_iam_user.one.name
  status = "Inactive"
}

# Not there at all.
resource "aws_iam_access_key" "one_never" {
  count = 0
  user  = aws_iam_user.one.name
}

# The name of the other user only begins alike.
resource "aws_iam_access_key" "one_more" {
  user = "${aws_iam_user.one.name}-more"
}

# Every person has one.
resource "aws_iam_user" "each" {
  for_each = toset(["ada", "bob"])
  name     = each.key
}

resource "aws_iam_access_key" "each" {
  for_each = toset(["ada", "bob"])
  user     = aws_iam_user.each[each.key].name
}

# The same name in two accounts is two users.
provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "audit"
  region = "eu-central-1"
}

resource "aws_iam_access_key" "here" {
  user = "backup"
}

resource "aws_iam_access_key" "there" {
  provider = aws.audit
  user     = "backup"
}

# Two keys that take turns.
resource "aws_iam_user" "turns" {
  name = "turns"
}

resource "time_rotating" "turns_a" {
  rotation_days = 60
}

resource "time_rotating" "turns_b" {
  rotation_days = 60
}

resource "terraform_data" "turns_a" {
  triggers_replace = time_rotating.turns_a.id
}

resource "terraform_data" "turns_b" {
  triggers_replace = time_rotating.turns_b.id
}

resource "aws_iam_access_key" "turns_a" {
  user = aws_iam_user.turns.name

  lifecycle {
    replace_triggered_by = [terraform_data.turns_a]
  }
}

resource "aws_iam_access_key" "turns_b" {
  user = aws_iam_user.turns.name

  lifecycle {
    replace_triggered_by = [terraform_data.turns_b]
  }
}

# A dot in a name parts nothing.
resource "aws_iam_access_key" "john" {
  user = "john.doe"
}

resource "aws_iam_access_key" "mary" {
  user = "mary.doe"
}
