# Unknown parts beside a literal hide nothing, so this rule is never undetermined.
variable "region" {
  type = string
}

variable "secret_key" {
  type = string
}

resource "aws_instance" "id" {
  ami = "ami-12345678"

  # expect[+1]: RF704
  user_data = <<-EOT
    #!/bin/sh
    export AWS_DEFAULT_REGION=${var.region}
    export AWS_ACCESS_KEY_ID=AKIAPTGZ6JFEBZSDOXRL
  EOT
}

resource "terraform_data" "secret" {
  input = "region=${var.region} secret='xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU'" # expect: RF704
}

resource "terraform_data" "example" {
  input = "region=${var.region} id=AKIAIOSFODNN7EXAMPLE" # expect: RF704
}

# Nothing is written here.
provider "aws" {
  region     = var.region
  secret_key = var.secret_key
}
