resource "aws_accessanalyzer_analyzer" "external" { # undetermined: RF802
  analyzer_name = "external"
  type          = "ACCOUNT"
}
