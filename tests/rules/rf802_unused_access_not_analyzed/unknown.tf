provider "aws" {}

variable "type" {
  type = string
}

resource "aws_accessanalyzer_analyzer" "any" { # undetermined: RF802
  analyzer_name = "any"
  type          = var.type
}
