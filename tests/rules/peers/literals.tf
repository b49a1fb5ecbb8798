# Literals that are key material, and such that are none. What looks like a key is made up.
terraform {
  backend "s3" {
    bucket     = "state"
    access_key = "AKIAPTGZ6JFEBZSDOXRL"
    secret_key = "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"
  }
}

provider "aws" {
  access_key = "AKIAGQNBQRMKTSXFVYPL"
}

resource "aws_instance" "digits" {
  ami       = "ami-12345678"
  user_data = "export SECRET_KEY=1234567890123456789012345678901234567890"
}

resource "aws_lambda_function" "hash" {
  function_name = "hash"

  environment {
    variables = {
      CONFIG_SECRET_SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
      ASSET              = "yeeGGFAD1HsPgOoZf/Xl3AvRL8O1BIRY/jJyfYqI"
    }
  }
}

resource "aws_lambda_function" "whole_value" {
  function_name = "whole-value"

  environment {
    variables = {
      AWS_ACCESS_KEY_ID = "AKIAP6RFTASTM23S34KO"
    }
  }
}

resource "aws_lambda_function" "example" {
  function_name = "example"

  environment {
    variables = {
      AWS_ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
    }
  }
}
