provider "aws" {}

variable "analyze" {
  type = bool
}

resource "aws_accessanalyzer_analyzer" "external" {
  count = var.analyze ? 1 : 0

  analyzer_name = "external"
}

resource "aws_config_configuration_recorder" "main" { # expect: RF802
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/config"
}
