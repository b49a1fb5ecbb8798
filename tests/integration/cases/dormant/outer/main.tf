variable "create" {
  type = bool
}

module "inner" {
  source = "./inner"
  create = var.create
}
