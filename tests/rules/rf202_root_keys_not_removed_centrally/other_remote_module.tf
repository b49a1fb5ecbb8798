resource "aws_organizations_organization" "main" { # expect: RF202
  feature_set = "ALL"
}

module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
}
