# fix: review
terraform {
  backend "s3" {
    bucket     = "acme-state"
    key        = "shop"
    region     = "eu-central-1"
    access_key = "AKIAQ4RT7WX2KJ5ZB3LM"
    secret_key = "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"
  }
}

variable "aws_access_key" {
  type = string
}

variable "aws_secret_key" {
  type      = string
  sensitive = true
}

provider "aws" {
  region     = "eu-central-1"
  access_key = var.aws_access_key
  secret_key = var.aws_secret_key
}

provider "aws" {
  alias      = "west"
  access_key = var.aws_access_key
  secret_key = var.aws_secret_key
  region     = "us-west-2"
}

data "terraform_remote_state" "net" {
  backend = "s3"

  config = {
    bucket     = "acme-state"
    key        = "net"
    region     = "eu-central-1"
    access_key = var.aws_access_key
    secret_key = var.aws_secret_key
  }
}
