# fix: review
terraform {
  backend "s3" {
    bucket     = "acme-state"
    key        = "shop"
    access_key = "AKIAQ4RT7WX2KJ5ZB3LM"
    secret_key = "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"
  }
}

terraform {
  required_version = ">= 1.5"
}

variable "key_id" {
  type = string
}

variable "key_secret" {
  type = string
}

provider "aws" {
  region     = "eu-central-1"
  access_key = var.key_id
  secret_key = var.key_secret

  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}
