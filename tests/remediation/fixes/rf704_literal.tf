# fix: steps
locals {
  access_key = "AKIAQ4RT7WX2KJ5ZB3LM"
  secret_key = "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"
}
