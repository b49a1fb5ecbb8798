provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias = "owned"

  default_tags {
    tags = { Owner = "platform@corp.example" }
  }
}

module "owned" {
  source    = "./modules/user"
  name      = "owned"
  providers = { aws = aws.owned }
}

module "inherits" {
  source = "./modules/user"
  name   = "inherits"
}
