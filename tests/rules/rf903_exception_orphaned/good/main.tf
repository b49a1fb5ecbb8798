resource "aws_iam_access_key" "scales" {
  user = "scales"
}

resource "aws_iam_access_key" "many" {
  for_each = toset(["one", "two.three"])
  user     = each.key
}

module "ci" {
  source   = "./ci"
  for_each = toset(["blue", "green"])
}

module "one" {
  source = "./one"
}

module "user" {
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "user"

  create_iam_access_key = true
}

resource "terraform_data" "script" {
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name scales"
  }
}
