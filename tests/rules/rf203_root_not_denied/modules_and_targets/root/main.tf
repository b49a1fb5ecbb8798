module "deny_root" {
  source = "../modules/scp"
  deny   = ["arn:aws:iam::*:root"]
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = module.deny_root.id
  target_id = "r-example"
}
