resource "aws_iam_access_key" "ci" {
  user = "ci"
}

resource "aws_iam_access_key" "cd" {
  user = "cd"
}

# Two keys in one block are one finding.
resource "aws_lambda_function" "both" {
  function_name = "both"

  environment { # expect: RF702
    variables = {
      CI = aws_iam_access_key.ci.secret
      CD = aws_iam_access_key.cd.secret
    }
  }
}

resource "aws_ecs_task_definition" "app" {
  family = "app"

  # expect[+1]: RF702
  container_definitions = jsonencode([{
    name        = "app"
    environment = [{ name = "SECRET", value = aws_iam_access_key.ci.secret }]
  }])
}

data "template_file" "start" {
  template = "export SECRET=$${secret}"
  vars = {
    secret = aws_iam_access_key.ci.secret
  }
}

resource "aws_instance" "web" {
  ami       = "ami-12345678"
  user_data = data.template_file.start.rendered # expect: RF702
}

resource "aws_ssm_parameter" "string" {
  name  = "/ci/string"
  type  = "String"
  value = aws_iam_access_key.ci.secret # expect: RF702
}

resource "aws_ssm_parameter" "insecure" {
  name           = "/ci/insecure"
  type           = "StringList"
  insecure_value = aws_iam_access_key.ci.ses_smtp_password_v4 # expect: RF702
}

# Sealed here, and open where it is read again: by reference and by the same name.
resource "aws_ssm_parameter" "sealed" {
  name  = "/ci/sealed"
  type  = "SecureString"
  value = aws_iam_access_key.ci.secret
}

resource "aws_codebuild_project" "build" {
  name = "build"

  environment { # expect: RF702
    environment_variable {
      name  = "SECRET"
      value = aws_ssm_parameter.sealed.value
    }
  }
}

data "aws_ssm_parameter" "sealed" {
  name = "/ci/sealed"
}

resource "aws_elastic_beanstalk_environment" "app" {
  name = "app"

  setting { # expect: RF702
    namespace = "aws:elasticbeanstalk:application:environment"
    name      = "SECRET"
    value     = data.aws_ssm_parameter.sealed.value
  }
}

resource "local_file" "credentials" {
  filename = "credentials"
  content  = "secret = ${aws_iam_access_key.ci.secret}" # expect: RF702
}

resource "aws_s3_object" "credentials" {
  bucket  = "keys"
  key     = "credentials"
  content = jsonencode(aws_iam_access_key.ci) # expect: RF702
}

resource "aws_dynamodb_table_item" "credentials" {
  table_name = "keys"
  hash_key   = "id"
  item       = jsonencode({ id = { S = "ci" }, secret = { S = aws_iam_access_key.ci.secret } }) # expect: RF702
}

resource "aws_sqs_queue" "tagged" {
  name = "tagged"
  tags = { secret = aws_iam_access_key.ci.secret } # expect: RF702
}

resource "kubernetes_config_map" "app" {
  data = { secret = aws_iam_access_key.ci.secret } # expect: RF702
}

resource "helm_release" "app" {
  name = "app"

  set { # expect: RF702
    name  = "secret"
    value = aws_iam_access_key.ci.secret
  }
}

resource "null_resource" "command" {
  provisioner "local-exec" { # expect: RF702
    command = "configure ${aws_iam_access_key.ci.secret}"
  }
}

resource "example_machine" "remote" {
  provisioner "remote-exec" { # expect: RF702
    inline = ["echo ${aws_iam_access_key.ci.secret} > key"]
  }
}

# Neither argument says that the value is to be hidden.
resource "tfe_variable" "open" {
  key   = "AWS_SECRET_ACCESS_KEY"
  value = aws_iam_access_key.ci.secret # expect: RF702
}

resource "github_actions_variable" "open" {
  repository    = "app"
  variable_name = "SECRET"
  value         = aws_iam_access_key.ci.secret # expect: RF702
}

module "user" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "6.2.1"
  name    = "ci"
}

resource "aws_launch_template" "by_module" {
  user_data = base64encode("secret=${module.user.access_key_secret}") # expect: RF702
}
