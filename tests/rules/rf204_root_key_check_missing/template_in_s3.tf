resource "aws_config_organization_conformance_pack" "s3" { # undetermined: RF204
  name            = "s3"
  template_s3_uri = "s3://packs/iam.yaml"
}
