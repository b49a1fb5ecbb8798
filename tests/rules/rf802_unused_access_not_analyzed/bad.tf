resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length = 14
}

resource "aws_accessanalyzer_analyzer" "external" { # expect: RF802
  analyzer_name = "external"
  type          = "ORGANIZATION"
}

# No type is the type ACCOUNT.
resource "aws_accessanalyzer_analyzer" "external_default" {
  analyzer_name = "external_default"
}
