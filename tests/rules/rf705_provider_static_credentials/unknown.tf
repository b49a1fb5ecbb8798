variable "access_key" {
  type    = string
  default = null
}

variable "secret_key" {
  default = ""
}

variable "settings" {
  type = any
}

provider "aws" {
  access_key = var.access_key # undetermined: RF705
  secret_key = "${var.secret_key}"
}

provider "aws" {
  alias      = "part"
  access_key = var.settings.access_key # undetermined: RF705
}

data "external" "credentials" {
  program = ["credentials"]
}

provider "aws" {
  alias      = "program"
  access_key = data.external.credentials.result["access_key"] # undetermined: RF705
}

data "terraform_remote_state" "merged" {
  backend = "s3"
  config  = merge(var.settings, { access_key = "AKIAPTGZ6JFEBZSDOXRL" }) # undetermined: RF705
}
