# One user, two calls of a module that makes a key, and one of a key by itself.
resource "aws_iam_user" "this" {
  name = "app"
}

module "blue" {
  source = "./modules/key"
  user   = aws_iam_user.this.name
}

module "green" {
  source = "./modules/key"
  user   = aws_iam_user.this.name
}
