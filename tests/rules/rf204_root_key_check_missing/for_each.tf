locals {
  checks = {
    root-key = { identifier = "IAM_ROOT_ACCESS_KEY_CHECK" }
    volumes  = { identifier = "ENCRYPTED_VOLUMES" }
  }
}

resource "aws_config_config_rule" "all" {
  for_each = local.checks

  name = each.key

  source {
    owner             = "AWS"
    source_identifier = each.value.identifier
  }
}
