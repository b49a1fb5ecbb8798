resource "aws_config_config_rule" "volumes" {
  name = "volumes"

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }
}

resource "aws_config_conformance_pack" "iam" {
  name          = "iam"
  template_body = file("${path.module}/iam.yaml")
}
