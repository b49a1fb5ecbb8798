variable "identifier" {
  type = string
}

# Called twice by one root module, which is one finding.
resource "aws_config_config_rule" "this" { # expect: RF204
  name = "this"

  source {
    owner             = "AWS"
    source_identifier = var.identifier
  }
}
