resource "aws_organizations_policy" "main" { # expect: RF203
  name = "main"

  content = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "ec2:*", Resource = "*" }]
  })
}

resource "aws_organizations_policy_attachment" "main" {
  policy_id = aws_organizations_policy.main.id
  target_id = "r-example"
}
