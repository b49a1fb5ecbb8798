# fix: review
module "ci" {
  source = "./user"
  name   = "ci"
}
