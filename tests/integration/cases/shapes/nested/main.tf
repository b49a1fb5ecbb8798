module "inner" {
  source = "./inner"
}

output "secret" {
  value = module.inner.secret
}
