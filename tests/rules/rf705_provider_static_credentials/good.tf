terraform {
  backend "s3" {
    bucket                      = "state"
    endpoints                   = { s3 = "https://fra1.digitaloceanspaces.com" }
    access_key                  = "DO00PTGZ6JFEBZSDOXRL"
    secret_key                  = "xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU"
    skip_credentials_validation = true
  }
}

provider "aws" {
  region = "eu-central-1"

  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}

variable "access_key" {
  type = string
}

variable "secret_key" {
  type = string
}

variable "token" {
  type = string
}

# LocalStack takes any words.
provider "aws" {
  alias      = "emulator"
  access_key = "test"
  secret_key = "test"

  endpoints {
    s3 = "http://localhost:4566"
  }
}

# An emulator answers for STS as well.
provider "aws" {
  alias      = "emulated_sts"
  access_key = var.access_key
  secret_key = var.secret_key

  endpoints {
    s3  = "http://localhost:4566"
    sts = "http://localhost:4566"
  }
}

# A store of another vendor: AWS is not asked about the key.
provider "aws" {
  alias                      = "minio"
  access_key                 = var.access_key
  secret_key                 = var.secret_key
  skip_requesting_account_id = true

  endpoints {
    s3 = "https://minio.example.com"
  }
}

provider "aws" {
  alias      = "session"
  access_key = var.access_key
  secret_key = var.secret_key
  token      = var.token
}

variable "optional" {
  type    = string
  default = null
}

provider "aws" {
  alias      = "maybe_session"
  access_key = var.optional
  secret_key = var.optional
  token      = var.token
}

data "vault_aws_access_credentials" "run" {
  backend = "aws"
  role    = "run"
}

provider "aws" {
  alias      = "leased"
  access_key = data.vault_aws_access_credentials.run.access_key
  secret_key = data.vault_aws_access_credentials.run.secret_key
}

provider "aws" {
  alias      = "empty"
  access_key = ""
  secret_key = null
}

# Not a key of AWS.
data "terraform_remote_state" "azure" {
  backend = "azurerm"

  config = {
    access_key = var.access_key
  }
}

provider "other" {
  access_key = var.access_key
}
