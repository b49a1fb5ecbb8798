# fix: safe
module "ci" {
  source = "./user"
}

output "password" {
  value = module.ci.password
}
