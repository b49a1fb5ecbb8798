resource "aws_organizations_organization" "main" { # undetermined: RF202
  feature_set = "ALL"
}

module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
}

module "organization_features" {
  source = "git::https://example.com/acme/features.git"
}
