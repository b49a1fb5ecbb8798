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

# No credentials here: a person signs in with `aws configure sso`, the pipeline with its role.
provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = {
      Owner = "team-shop@northwind.example"
    }
  }
}

provider "github" {
  owner = "northwind-shop"
}

data "aws_caller_identity" "current" {}
