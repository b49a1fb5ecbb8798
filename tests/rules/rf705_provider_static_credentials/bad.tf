# The key material in this file is made up and valid nowhere.
terraform {
  backend "s3" { # expect: RF705
    bucket     = "state"
    access_key = "AKIAPTGZ6JFEBZSDOXRL"
    secret_key = "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"
  }
}

variable "access_key" {
  type = string
}

variable "secret_key" {
  type = string
}

provider "aws" {
  region     = "eu-central-1"
  access_key = var.access_key # expect: RF705
  secret_key = var.secret_key
}

provider "aws" {
  alias      = "literal"
  secret_key = "xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU" # expect: RF705
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}

# That it assumes a role with it does not make the key expire.
provider "aws" {
  alias      = "made_here"
  access_key = aws_iam_access_key.ci.id # expect: RF705
  secret_key = aws_iam_access_key.ci.secret

  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}

data "aws_secretsmanager_secret_version" "ci" {
  secret_id = "ci"
}

provider "awscc" {
  access_key = jsondecode(data.aws_secretsmanager_secret_version.ci.secret_string)["id"] # expect: RF705
  secret_key = jsondecode(data.aws_secretsmanager_secret_version.ci.secret_string)["secret"]
}

# An endpoint of AWS is still AWS.
provider "aws" {
  alias                       = "endpoint"
  access_key                  = "AKIAPTGZ6JFEBZSDOXRL" # expect: RF705
  skip_credentials_validation = true

  endpoints {
    s3 = "https://bucket.vpce-1a2b3c4d.s3.eu-central-1.vpce.amazonaws.com"
  }
}

# The key is checked with AWS, whoever stores the objects.
provider "aws" {
  alias      = "checked"
  access_key = var.access_key # expect: RF705
  secret_key = var.secret_key

  endpoints {
    s3 = "https://minio.example.com"
  }
}

data "terraform_remote_state" "network" {
  backend = "s3"

  # expect[+1]: RF705
  config = {
    bucket     = "state"
    access_key = var.access_key
    secret_key = var.secret_key
  }
}
