# fix: review
module "red" {
  source = "./user"
  name   = "red"
}

module "blue" {
  source = "./user"
  name   = "blue"
}
