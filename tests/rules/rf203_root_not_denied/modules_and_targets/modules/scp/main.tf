variable "deny" {
  type = list(string)
}

resource "aws_organizations_policy" "this" {
  name = "scp"

  content = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": {"ArnLike": {"aws:PrincipalArn": ${jsonencode(var.deny)}}}
      }
    }
  JSON
}

output "id" {
  value = aws_organizations_policy.this.id
}
