# Fill-ins.
locals {
  fill_in = "AKIAXXXXXXXXXXXXXXXX"
}

# An example where it explains.
variable "key_id" {
  type        = string
  description = "An id such as AKIAIOSFODNN7EXAMPLE."

  validation {
    condition     = startswith(var.key_id, "AKIA")
    error_message = "Not of the form AKIAIOSFODNN7EXAMPLE."
  }
}

# Digests, numbers and words of the right length.
locals {
  secret_digest = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
  secret_number = "1234567890123456789012345678901234567890"
  secret_path   = "Prod/secret/Prod/secret/Prod/secret/Pro1"
  secret_words  = "ThisIsThePathToTheSecretOfTheProduction1"
}

# Random, but not where anything says secret.
resource "aws_s3_object" "asset" {
  bucket = "assets"
  key    = "logo"
  etag   = "yeeGGFAD1HsPgOoZf/Xl3AvRL8O1BIRY/jJyfYqI"
}

# Longer than a secret.
resource "example_thing" "token" {
  secret_token = "hv78ZXBaBubGoYWCgzuQ84dkeo+GrfUkbMSjk6WAhv78ZXBaBubGoYWCgzuQ"
}

# A comment is no code: AKIAPTGZ6JFEBZSDOXRL

variable "access_key" {
  type      = string
  sensitive = true
}

provider "aws" {
  access_key = var.access_key
}

# Terraform has to be told the id of what it takes over.
import {
  to = aws_iam_access_key.ci
  id = "AKIAPTGZ6JFEBZSDOXRL"
}
