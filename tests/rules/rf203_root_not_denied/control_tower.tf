resource "aws_organizations_policy" "regions" {
  name = "regions"

  content = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "ec2:*", Resource = "*" }]
  })
}

resource "aws_controltower_control" "root" {
  control_identifier = "arn:aws:controltower:eu-west-1::control/AWS-GR_RESTRICT_ROOT_USER"
  target_identifier  = "arn:aws:organizations::111122223333:ou/o-example/ou-example"
}
