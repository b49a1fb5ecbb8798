terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
    github = {
      source  = "integrations/github"
      version = ">= 6.0, < 7.0"
    }
  }
}

# The pair below is invented; it has never opened anything.
provider "aws" {
  region     = "eu-central-1"
  access_key = "AKIAQ7ZKX3VHT2MNE5RW"
  secret_key = "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"
}

provider "github" {
  owner = "northwind-shop"
}
