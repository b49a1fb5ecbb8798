# People sign in through IAM Identity Center: one place to let somebody in, one place to let them go.

data "aws_ssoadmin_instances" "this" {}

locals {
  identity_center_arn = tolist(data.aws_ssoadmin_instances.this.arns)[0]
  identity_store_id   = tolist(data.aws_ssoadmin_instances.this.identity_store_ids)[0]
}

data "aws_identitystore_group" "shop" {
  identity_store_id = local.identity_store_id

  alternate_identifier {
    unique_attribute {
      attribute_path  = "DisplayName"
      attribute_value = "shop-engineers"
    }
  }
}

resource "aws_ssoadmin_permission_set" "operator" {
  name             = "ShopOperator"
  description      = "Look at the shop and restart its services"
  instance_arn     = local.identity_center_arn
  session_duration = "PT4H"
}

resource "aws_ssoadmin_permission_set_inline_policy" "operator" {
  instance_arn       = local.identity_center_arn
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn

  inline_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ecs:DescribeServices", "ecs:UpdateService"]
      Resource = "arn:aws:ecs:eu-central-1:${data.aws_caller_identity.current.account_id}:service/shop/*"
    }]
  })
}

resource "aws_ssoadmin_account_assignment" "operator" {
  instance_arn       = local.identity_center_arn
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn
  principal_type     = "GROUP"
  principal_id       = data.aws_identitystore_group.shop.group_id
  target_type        = "AWS_ACCOUNT"
  target_id          = data.aws_caller_identity.current.account_id
}
