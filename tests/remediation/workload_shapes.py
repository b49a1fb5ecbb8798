"""Workloads on AWS and in Kubernetes as people write them, each with the key of ``up``."""

from __future__ import annotations

USER = """
resource "aws_iam_user" "up" {
  name = "uploader"
  tags = { Owner = "ann@example.com" }
}

resource "aws_iam_user_policy" "up" {
  user   = aws_iam_user.up.name
  policy = data.aws_iam_policy_document.up.json
}

data "aws_iam_policy_document" "up" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::uploads/*"]
  }
}

resource "aws_iam_access_key" "up" {
  user = aws_iam_user.up.name
}
"""
#: The same user in a module, behind a provider alias; its policy and its name are expressions.
MODULE_USER = """
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.west]
    }
  }
}

variable "name" {
  type = string
}

resource "aws_iam_user" "up" {
  provider = aws.west

  name = "${var.name}-up"
  tags = { Owner = "${var.name}@example.com" }
}

resource "aws_iam_user_policy" "up" {
  provider = aws.west

  user = aws_iam_user.up.name
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "arn:aws:s3:::${var.name}/*"
    }]
  })
}

resource "aws_iam_access_key" "up" {
  provider = aws.west

  user = aws_iam_user.up.name
}
"""
CALL = """
provider "aws" {
  alias = "west"
}

module "up" {
  source = "./modules/up"
  name   = "shop"

  providers = {
    aws.west = aws.west
  }
}
"""
ROLE = """
resource "aws_iam_role" "own" {
  name               = "own"
  assume_role_policy = "{}"
}

resource "aws_iam_instance_profile" "own" {
  name = "own"
  role = aws_iam_role.own.name
}
"""
ID, SECRET = "aws_iam_access_key.up.id", "aws_iam_access_key.up.secret"
INSTANCE = f"""
resource "aws_instance" "web" {{
  ami       = "ami-1"
  user_data = "export AWS_SECRET_ACCESS_KEY=${{{SECRET}}}"
}}
"""
TASK = f"""
resource "aws_ecs_task_definition" "api" {{
  family = "api"
  container_definitions = jsonencode([{{
    name  = "api"
    image = "api:1"
    environment = [
      {{ name = "AWS_ACCESS_KEY_ID", value = {ID} }},
      {{ name = "AWS_SECRET_ACCESS_KEY", value = {SECRET} }},
      {{ name = "PORT", value = "80" }},
    ]
  }}])
}}
"""
FUNCTION = f"""
resource "aws_lambda_function" "job" {{
  function_name = "job"
  role          = aws_iam_role.own.arn

  environment {{
    variables = {{
      KEY_ID     = {ID}
      KEY_SECRET = {SECRET}
      STAGE      = "prod"
    }}
  }}
}}
"""
JOB = f"""
resource "aws_batch_job_definition" "j" {{
  name = "j"
  type = "container"
  container_properties = jsonencode({{
    image = "j:1"
    environment = [
      {{ name = "AWS_ACCESS_KEY_ID", value = {ID} }},
      {{ name = "AWS_SECRET_ACCESS_KEY", value = {SECRET} }},
    ]
  }})
}}
"""
BEANSTALK = f"""
resource "aws_elastic_beanstalk_environment" "e" {{
  name        = "e"
  application = "a"

  setting {{
    namespace = "aws:elasticbeanstalk:application:environment"
    name      = "AWS_SECRET_ACCESS_KEY"
    value     = {SECRET}
  }}

  setting {{
    namespace = "aws:elasticbeanstalk:application:environment"
    name      = "STAGE"
    value     = "prod"
  }}
}}
"""
PROFILE_SETTING = """
  setting {
    namespace = "aws:autoscaling:launchconfiguration"
    name      = "IamInstanceProfile"
    value     = aws_iam_instance_profile.own.name
  }"""
CLUSTER = """
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"

  vpc_config {
    subnet_ids = ["subnet-1"]
  }
}
"""
AGENT = """
resource "aws_eks_addon" "agent" {
  cluster_name = aws_eks_cluster.main.name
  addon_name   = "eks-pod-identity-agent"
}
"""
PROVIDER = """
resource "aws_iam_openid_connect_provider" "eks" {
  url            = aws_eks_cluster.main.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}
"""
SECRET_BLOCK = f"""
resource "kubernetes_secret" "aws" {{
  metadata {{
    name      = "aws"
    namespace = "shop"
  }}

  data = {{
    AWS_ACCESS_KEY_ID     = {ID}
    AWS_SECRET_ACCESS_KEY = {SECRET}
  }}
}}
"""
PODS = f"""
resource "kubernetes_service_account" "shop" {{
  metadata {{
    name      = "shop"
    namespace = "shop"
  }}
}}

resource "kubernetes_deployment" "shop" {{
  metadata {{
    name      = "shop"
    namespace = kubernetes_service_account.shop.metadata[0].namespace
  }}

  spec {{
    template {{
      spec {{
        service_account_name = kubernetes_service_account.shop.metadata[0].name

        container {{
          name = "shop"

          env {{
            name  = "AWS_ACCESS_KEY_ID"
            value = {ID}
          }}

          env {{
            name  = "AWS_SECRET_ACCESS_KEY"
            value = {SECRET}
          }}

          env {{
            name  = "STAGE"
            value = "prod"
          }}
        }}
      }}
    }}
  }}
}}
"""
RELEASE = f"""
module "eks" {{
  source       = "terraform-aws-modules/eks/aws"
  version      = "~> 20.0"
  cluster_name = "main"

  cluster_addons = {{
    eks-pod-identity-agent = {{}}
  }}
}}

resource "helm_release" "velero" {{
  name      = "velero"
  chart     = "velero"
  namespace = "backup"

  set {{
    name  = "serviceAccount.name"
    value = "velero"
  }}

  set_sensitive {{
    name  = "aws.secret"
    value = {SECRET}
  }}
}}
"""


def with_argument(block: str, line: str, after: str) -> str:
    """A block with one more line, a group of its own, behind another."""
    assert after in block
    return block.replace(after, f"{after}\n{line}\n", 1)


#: Name → the code, the template, and the edits that switch it (0: by hand).
WORKLOADS: dict[str, tuple[str, str, int]] = {
    "ec2": (INSTANCE, "instance_profile", 0),
    "ec2_with_role": (
        ROLE
        + with_argument(
            INSTANCE,
            "  iam_instance_profile = aws_iam_instance_profile.own.name",
            '"web" {',
        ),
        "instance_profile",
        0,
    ),
    "launch_template": (
        f"""
resource "aws_launch_template" "web" {{
  user_data = base64encode("AWS_SECRET_ACCESS_KEY=${{{SECRET}}}")
}}
""",
        "instance_profile",
        0,
    ),
    "ecs": (TASK, "ecs_task_role", 2),
    "ecs_with_role": (
        ROLE + with_argument(TASK, "  task_role_arn = aws_iam_role.own.arn", '"api" {'),
        "ecs_task_role",
        1,
    ),
    "lambda": (ROLE + FUNCTION, "lambda_role", 1),
    "lambda_role_elsewhere": (
        'variable "role_arn" {}\n' + FUNCTION.replace("aws_iam_role.own.arn", "var.role_arn"),
        "lambda_role",
        1,
    ),
    "batch": (JOB, "ecs_task_role", 1),
    "batch_with_role": (
        ROLE + with_argument(JOB, "    jobRoleArn = aws_iam_role.own.arn", "jsonencode({"),
        "ecs_task_role",
        1,
    ),
    "codebuild": (
        ROLE
        + f"""
resource "aws_codebuild_project" "b" {{
  name         = "b"
  service_role = aws_iam_role.own.arn

  artifacts {{
    type = "NO_ARTIFACTS"
  }}

  source {{
    type     = "GITHUB"
    location = "https://github.com/acme/b.git"
  }}

  environment {{
    type         = "LINUX_CONTAINER"
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"

    environment_variable {{
      name  = "AWS_SECRET_ACCESS_KEY"
      value = {SECRET}
    }}

    environment_variable {{
      name  = "STAGE"
      value = "prod"
    }}
  }}
}}
""",
        "service_role",
        1,
    ),
    "apprunner": (
        f"""
resource "aws_apprunner_service" "s" {{
  service_name = "s"

  source_configuration {{
    image_repository {{
      image_identifier      = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/s:1"
      image_repository_type = "ECR"

      image_configuration {{
        runtime_environment_variables = {{
          AWS_SECRET_ACCESS_KEY = {SECRET}
          STAGE                 = "prod"
        }}
      }}
    }}
  }}
}}
""",
        "service_role",
        2,
    ),
    "beanstalk": (BEANSTALK, "instance_profile", 2),
    "beanstalk_with_role": (
        ROLE + with_argument(BEANSTALK, PROFILE_SETTING, 'application = "a"'),
        "instance_profile",
        1,
    ),
    "sagemaker": (
        ROLE
        + f"""
resource "aws_sagemaker_model" "m" {{
  execution_role_arn = aws_iam_role.own.arn

  primary_container {{
    image = "m:1"

    environment = {{
      AWS_SECRET_ACCESS_KEY = {SECRET}
    }}
  }}
}}
""",
        "service_role",
        1,
    ),
    "mwaa": (
        f"""
variable "role" {{}}

resource "aws_mwaa_environment" "a" {{
  name               = "a"
  execution_role_arn = var.role
  source_bucket_arn  = "arn:aws:s3:::dags"
  dag_s3_path        = "dags/"

  network_configuration {{
    security_group_ids = ["sg-1"]
    subnet_ids         = ["subnet-1", "subnet-2"]
  }}

  airflow_configuration_options = {{
    "custom.secret" = {SECRET}
  }}
}}
""",
        "service_role",
        1,
    ),
    "glue": (
        f"""
resource "aws_glue_job" "g" {{
  name     = "g"
  role_arn = "arn:aws:iam::123456789012:role/service/glue"

  command {{
    script_location = "s3://scripts/g.py"
  }}

  default_arguments = {{
    "--secret" = {SECRET}
    "--stage"  = "prod"
  }}
}}
""",
        "service_role",
        1,
    ),
    "iot": (
        f"""
resource "aws_iot_thing" "t" {{
  name = "t"

  attributes = {{
    secret = {SECRET}
  }}
}}
""",
        "iot_role_alias",
        0,
    ),
    "pods_of_an_unknown_cluster": (SECRET_BLOCK, "eks_pod_identity", 0),
    "pods_with_an_agent": (CLUSTER + AGENT + PODS, "eks_pod_identity", 1),
    "pods_with_a_provider": (CLUSTER + PROVIDER + PODS, "irsa", 2),
    "pods_with_both": (CLUSTER + AGENT + PROVIDER + SECRET_BLOCK, "eks_pod_identity", 0),
    "helm": (RELEASE, "eks_pod_identity", 1),
}
