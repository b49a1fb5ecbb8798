resource "time_rotating" "clock" {
  rotation_days = 60
}

module "rotates" {
  source     = "./modules/key"
  name       = "rotates"
  generation = time_rotating.clock.id
}

module "stays" {
  source = "./modules/key"
  name   = "stays"
}
