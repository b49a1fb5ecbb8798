# Valid Terraform that careless readers of expressions refuse or misread, and checkov parses.

variable "people" {
  type = map(object({
    team   = optional(string, "platform")
    active = optional(bool, true)
  }))
  default = {
    anna = {}
    bert = { team = "todo", active = null }
  }
}

variable "debug" {
  type    = bool
  default = false
}

locals {
  bb   = "Owner"
  tags = { (local.bb) = "${~"platform"~}", bb = "%%{" }
}

resource "aws_iam_user" "computed_key" {
  name = "computed-key"
  tags = local.tags
}

resource "aws_iam_user" "literal_key" {
  name = "literal-key"
  tags = { bb = "Owner", "$${Owner}" = "%%{" }
}

resource "aws_iam_user" "people" {
  for_each = var.people
  name = "person-${
    each.key
  }"
  tags = { Owner = each.value.team }
}

resource "aws_iam_user" "template_file" {
  name = "template-file"
  tags = { Owner = templatefile("${path.module}/owner.tpl", { team = "todo" }) }
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.computed_key.name
}

resource "aws_ssm_parameter" "stripped" {
  name = "/ci/stripped"
  type = "String"
  value = "$${id} ${~aws_iam_access_key.ci.id~} ${~
    aws_iam_access_key.ci.secret
  ~}"
}

resource "aws_instance" "directive" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  user_data     = <<-EOT
    #!/bin/sh
    %{if var.debug~}
    set -x
    %{endif~}
      export AWS_SECRET_ACCESS_KEY='${aws_iam_access_key.ci.secret}' # $${"
    EOT
}

resource "aws_iam_user_policy" "admin" {
  user   = aws_iam_user.computed_key.name
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{ "Effect": "Allow", "Action": "${"*"}", "Resource": "${~"*"~}" }]
    }
    EOT
}
