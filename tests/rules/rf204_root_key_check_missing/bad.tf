resource "aws_config_config_rule" "volumes" { # expect: RF204
  name = "volumes"

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }
}

resource "aws_config_config_rule" "z_buckets" {
  name = "z_buckets"

  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_VERSIONING_ENABLED"
  }
}

resource "aws_config_configuration_recorder" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/config"
}

# A rule of our own is not the managed one, whatever it is called.
resource "aws_config_config_rule" "zz_custom" {
  name = "IAM_ROOT_ACCESS_KEY_CHECK"

  source {
    owner             = "CUSTOM_LAMBDA"
    source_identifier = aws_lambda_function.check.arn
  }
}

resource "aws_lambda_function" "check" {
  function_name = "check"
  role          = "arn:aws:iam::111122223333:role/check"
}
