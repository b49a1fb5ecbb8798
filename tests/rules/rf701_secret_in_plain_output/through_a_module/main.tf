module "shown" {
  source = "./modules/key"
  name   = "shown"
}

module "hidden" {
  source = "./modules/key"
  name   = "hidden"
}

output "shown" { # expect: RF701
  value = module.shown.keys.secret
}

output "hidden" {
  value     = module.hidden.keys.secret
  sensitive = true
}
