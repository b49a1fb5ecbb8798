resource "aws_iam_access_key" "forgotten" { # expect: RF102
  user = "forgotten"
}

# Who only has the id cannot sign in.
resource "aws_iam_access_key" "only_id" { # expect: RF102
  user = "only-id"
}

output "only_id" {
  value = aws_iam_access_key.only_id.id
}

# A local that nobody reads is no consumer.
resource "aws_iam_access_key" "dead_end" { # expect: RF102
  user = "dead-end"
}

locals {
  dead_end = aws_iam_access_key.dead_end.secret
}
