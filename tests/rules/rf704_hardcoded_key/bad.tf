# The key material in this file is made up and valid nowhere.
provider "example" {
  region     = "eu-central-1"
  secret_key = "xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU" # expect: RF704
}

locals {
  key_id = "AKIAPTGZ6JFEBZSDOXRL" # expect: RF704
}

variable "aws_secret_key" {
  type    = string
  default = "f6vUULm4A2Aohhhvtf+FPepL0z9zE40+eC14F2B/" # expect: RF704
}

resource "aws_lambda_function" "environment" {
  function_name = "environment"

  environment { # expect: RF704
    variables = {
      AWS_ACCESS_KEY_ID = "AKIAGQNBQRMKTSXFVYPL"
    }
  }
}

resource "aws_instance" "script" {
  ami = "ami-12345678"

  # expect[+1]: RF704
  user_data = <<-EOT
    #!/bin/sh
    export AWS_DEFAULT_REGION=eu-central-1
    export AWS_ACCESS_KEY_ID=AKIAP6RFTASTM23S34KO
  EOT
}

terraform {
  backend "s3" { # expect: RF704
    bucket     = "state"
    secret_key = "NXD+ZmjoU314izM92pvVuwtP/RHavaNpo+9jF0LT"
  }
}

output "leak" {
  value = "AKIATQCFC5R6VJME2M4R" # expect: RF704
}

# Examples of the documentation: nobody's keys, in the place of somebody's.
resource "aws_lambda_function" "example" {
  function_name = "example"

  environment { # expect: RF704
    variables = {
      AWS_ACCESS_KEY_ID     = "AKIAIOSFODNN7EXAMPLE"
      AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    }
  }
}

# The real one counts, not the example before it.
resource "example_thing" "both" {
  description = "not AKIAI44QH8DHBEXAMPLE"
  name        = "AKIAI44QH8DHBEXAMPLE"
  secret_key  = "xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU" # expect: RF704
}

# Terraform reads the escape as the letter that it stands for.
locals {
  spelled = "AKI\u0041Q4RT7WX2KJ5ZB3LQ" # expect: RF704
}

# The key of a map, alone and beside what is not known.
resource "aws_s3_bucket" "tagged" {
  bucket = "tagged"
  tags   = { AKIAQ4RT7WX2KJ5ZB3LM = "x" } # expect: RF704
}

resource "aws_s3_bucket" "tagged_and_owned" {
  bucket = "tagged-and-owned"
  tags   = { AKIAQ4RT7WX2KJ5ZB3LM = "x", Owner = var.nobody } # expect: RF704
}

variable "nobody" {
  type = string
}
