# fix: review
module "red" {
  source = "./user"
  name   = "red"
}

module "blue" {
  source = "./user"
  name   = "blue"
}

output "red" {
  value     = module.red.access_key
  sensitive = true
}

resource "github_actions_secret" "blue" {
  repository      = "shop"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = module.blue.access_key.secret
}
