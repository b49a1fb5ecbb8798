"""Consumers outside of the account as people write them, each with the code that stays theirs."""

from __future__ import annotations

KEY = """
resource "aws_iam_user" "sync" {
  name = "vendor-sync"
  tags = { Owner = "data@example.com" }
}

resource "aws_iam_access_key" "sync" {
  user = aws_iam_user.sync.name
}

resource "aws_iam_user_policy" "sync" {
  name   = "read"
  user   = aws_iam_user.sync.name
  policy = data.aws_iam_policy_document.sync.json
}

data "aws_iam_policy_document" "sync" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::landing/*"]
  }
}
"""
#: A second shape of a user: a managed policy, no tags, another label.
OTHER_KEY = """
resource "aws_iam_user" "this" {
  name = "acme-${var.stage}"
  path = "/machines/"
  tags = { team = "payments" }
}

variable "stage" {
  type = string
}

resource "aws_iam_policy" "landing" {
  name = "landing"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::in/*" }]
  })
}

resource "aws_iam_user_policy_attachment" "this" {
  user       = aws_iam_user.this.name
  policy_arn = aws_iam_policy.landing.arn
}

resource "aws_iam_access_key" "sync" {
  user = aws_iam_user.this.name
}
"""
ID, SECRET = "aws_iam_access_key.sync.id", "aws_iam_access_key.sync.secret"
FASTLY = f"""
resource "fastly_service_vcl" "cdn" {{
  name = "cdn"

  domain {{
    name = "www.example.com"
  }}

  logging_s3 {{
    name          = "logs"
    bucket_name   = "landing"
    s3_access_key = {ID}
    s3_secret_key = {SECRET}
    period        = 60
  }}
}}
"""
FASTLY_KINESIS = f"""
resource "fastly_service_compute" "edge" {{
  name = "edge"

  logging_kinesis {{
    name       = "stream"
    topic      = "events"
    access_key = {ID}
    secret_key = {SECRET}
  }}
}}
"""
DATADOG = f"""
resource "datadog_integration_aws_account" "main" {{
  aws_account_id = "123456789012"
  aws_partition  = "aws"

  auth_config {{
    aws_auth_config_keys {{
      access_key_id     = {ID}
      secret_access_key = {SECRET}
    }}
  }}
}}
"""
DATADOG_OF_A_SITE = f"""
resource "datadog_integration_aws_external_id" "here" {{
  provider = datadog.eu
}}

resource "datadog_integration_aws_account" "main" {{
  provider       = datadog.eu
  aws_account_id = "123456789012"
  aws_partition  = "aws"

  auth_config {{
    aws_auth_config_keys {{
      access_key_id     = {ID}
      secret_access_key = {SECRET}
    }}
  }}
}}
"""
DATADOG_OLD = f"""
resource "datadog_integration_aws" "main" {{
  account_id        = "123456789012"
  access_key_id     = {ID}
  secret_access_key = {SECRET}
}}
"""
SNOWFLAKE = f"""
resource "snowflake_stage" "raw" {{
  name        = "RAW"
  url         = "s3://landing/raw/"
  database    = "DB"
  schema      = "PUBLIC"
  credentials = "AWS_KEY_ID='${{{ID}}}' AWS_SECRET_KEY='${{{SECRET}}}'"
}}
"""
SNOWFLAKE_AS = f"""
variable "bucket" {{
  type = string
}}

resource "snowflake_stage" "raw" {{
  provider    = snowflake.admin
  name        = "RAW"
  url         = "s3://${{var.bucket}}/"
  database    = "DB"
  schema      = "PUBLIC"
  credentials = "AWS_KEY_ID='${{{ID}}}' AWS_SECRET_KEY='${{{SECRET}}}'"
}}
"""
ATLAS = f"""
resource "mongodbatlas_encryption_at_rest" "main" {{
  project_id = var.project

  aws_kms_config {{
    enabled                = true
    customer_master_key_id = "key"
    region                 = "US_EAST_1"
    access_key_id          = {ID}
    secret_access_key      = {SECRET}
  }}
}}

variable "project" {{
  type = string
}}
"""
ATLAS_SET_UP = f"""
resource "mongodbatlas_project" "main" {{
  name   = "main"
  org_id = "org"
}}

resource "mongodbatlas_cloud_provider_access_setup" "aws" {{
  project_id    = mongodbatlas_project.main.id
  provider_name = "AWS"
}}

resource "mongodbatlas_encryption_at_rest" "main" {{
  project_id = mongodbatlas_project.main.id

  aws_kms_config {{
    access_key_id     = {ID}
    secret_access_key = {SECRET}
  }}
}}
"""
DATABRICKS = f"""
resource "databricks_secret" "id" {{
  key          = "id"
  scope        = "aws"
  string_value = {ID}
}}

resource "databricks_secret" "secret" {{
  key          = "secret"
  scope        = "aws"
  string_value = {SECRET}
}}
"""
DATABRICKS_MOUNT = f"""
resource "databricks_mount" "landing" {{
  name = "landing"
  uri  = "s3a://${{{ID}}}:${{{SECRET}}}@landing"
}}
"""
CONFLUENT = f"""
resource "confluent_environment" "prod" {{
  display_name = "prod"
}}

resource "confluent_connector" "s3" {{
  environment {{
    id = confluent_environment.prod.id
  }}

  config_sensitive = {{
    "aws.access.key.id"     = {ID}
    "aws.secret.access.key" = {SECRET}
  }}

  config_nonsensitive = {{
    "connector.class" = "S3_SINK"
    "name"            = "s3"
  }}
}}
"""
CONFLUENT_MORE = f"""
resource "confluent_connector" "s3" {{
  environment {{
    id = "env-123"
  }}

  config_sensitive = {{
    "kafka.api.secret"      = "x"
    "aws.access.key.id"     = {ID}
    "aws.secret.access.key" = {SECRET}
  }}

  config_nonsensitive = {{
    "connector.class"       = "S3_SINK"
    "authentication.method" = "Access Keys"
  }}
}}
"""
VAULT = f"""
resource "vault_aws_secret_backend" "aws" {{
  path       = "aws"
  access_key = {ID}
  secret_key = {SECRET}
}}
"""
VAULT_ENTERPRISE = f"""
resource "vault_aws_secret_backend" "aws" {{
  namespace  = "team"
  access_key = {ID}
  secret_key = {SECRET}
  region     = "eu-west-1"
}}
"""
VAULT_AUTH = f"""
resource "vault_aws_auth_backend_client" "aws" {{
  backend    = "aws"
  access_key = {ID}
  secret_key = {SECRET}
}}
"""
VAULT_SYNC = f"""
resource "vault_secrets_sync_aws_destination" "aws" {{
  name              = "aws"
  access_key_id     = {ID}
  secret_access_key = {SECRET}
}}
"""
TRANSFER = f"""
resource "google_storage_transfer_job" "nightly" {{
  description = "nightly"
  project     = var.project

  transfer_spec {{
    aws_s3_data_source {{
      bucket_name = "landing"

      aws_access_key {{
        access_key_id     = {ID}
        secret_access_key = {SECRET}
      }}
    }}

    gcs_data_sink {{
      bucket_name = "copy"
    }}
  }}
}}

variable "project" {{
  type = string
}}
"""
TRANSFER_OF_ONE_PROJECT = TRANSFER.replace("  project     = var.project\n", "").partition(
    "variable"
)[0]
GOOGLE = f"""
resource "google_service_account" "app" {{
  account_id = "app"
}}

resource "google_cloud_run_v2_service" "app" {{
  name     = "app"
  location = "europe-west1"

  template {{
    service_account = google_service_account.app.email

    containers {{
      image = "app"

      env {{
        name  = "AWS_SECRET_ACCESS_KEY"
        value = {SECRET}
      }}
    }}
  }}
}}
"""
GOOGLE_DEFAULT = f"""
resource "google_compute_instance" "vm" {{
  name     = "vm"
  metadata = {{ secret = {SECRET} }}
}}
"""
AZURE = f"""
resource "azurerm_user_assigned_identity" "app" {{
  name = "app"
}}

resource "azurerm_linux_web_app" "app" {{
  name         = "app"
  app_settings = {{ SECRET = {SECRET} }}

  identity {{
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.app.id]
  }}
}}
"""
AZURE_OWN = f"""
resource "azurerm_linux_function_app" "job" {{
  name         = "job"
  app_settings = {{ SECRET = {SECRET} }}

  identity {{
    type = "SystemAssigned"
  }}
}}
"""
AZURE_NONE = f"""
resource "azurerm_linux_virtual_machine" "vm" {{
  name        = "vm"
  custom_data = {SECRET}
}}
"""
HEROKU = f"""
resource "heroku_config" "app" {{
  sensitive_vars = {{ AWS_SECRET_ACCESS_KEY = {SECRET} }}
}}
"""
HEROKU_ANCHORED = (
    HEROKU
    + """
resource "aws_rolesanywhere_trust_anchor" "corp" {
  name    = "corp"
  enabled = true

  source {
    source_type = "CERTIFICATE_BUNDLE"

    source_data {
      x509_certificate_data = "-----BEGIN CERTIFICATE-----"
    }
  }
}
"""
)
OPENSTACK_AUTHORITY = f"""
resource "openstack_compute_instance_v2" "vm" {{
  name      = "vm"
  user_data = {SECRET}
}}

resource "aws_acmpca_certificate_authority" "root" {{
  type = "ROOT"

  certificate_authority_configuration {{
    key_algorithm     = "RSA_4096"
    signing_algorithm = "SHA512WITHRSA"

    subject {{
      common_name = "example.com"
    }}
  }}
}}
"""
CODESPACE = f"""
resource "github_codespaces_secret" "aws" {{
  repository      = "r"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = {SECRET}
}}
"""
CODESPACE_SSO = CODESPACE + '\ndata "aws_ssoadmin_instances" "main" {}\n'
SPACELIFT = f"""
resource "spacelift_environment_variable" "secret" {{
  stack_id = "s"
  name     = "AWS_SECRET_ACCESS_KEY"
  value    = {SECRET}
}}
"""
NEWRELIC = f"""
resource "newrelic_cloud_aws_link_account" "a" {{
  name = "a"
  arn  = {SECRET}
}}
"""
SUMOLOGIC = f"""
resource "sumologic_s3_source" "s3" {{
  name = "s3"

  authentication {{
    type       = "S3BucketAuthentication"
    access_key = {ID}
    secret_key = {SECRET}
  }}
}}
"""
CLOUDAMQP = f"""
resource "cloudamqp_integration_metric" "cloudwatch" {{
  name              = "cloudwatch"
  access_key_id     = {ID}
  secret_access_key = {SECRET}
  region            = "us-east-1"
}}
"""
PARAMETER = f"""
resource "aws_ssm_parameter" "secret" {{
  name  = "/app/secret"
  type  = "SecureString"
  value = {SECRET}
}}
"""
SECRET_VERSION = f"""
resource "aws_secretsmanager_secret" "key" {{
  name = "key"
}}

resource "aws_secretsmanager_secret_version" "key" {{
  secret_id     = aws_secretsmanager_secret.key.id
  secret_string = {SECRET}
}}
"""
IN_VAULT = f"""
resource "vault_aws_secret_backend" "aws" {{
  path = "aws"
}}

resource "vault_kv_secret_v2" "aws" {{
  mount     = "kv"
  name      = "aws"
  data_json = jsonencode({{ secret = {SECRET} }})
}}
"""
IN_VAULT_BY_PATH = f"""
resource "vault_aws_secret_backend" "engine" {{
  provider = vault.team
  path     = "aws-team"
}}

resource "vault_generic_secret" "aws" {{
  provider  = vault.team
  path      = "secret/aws"
  data_json = jsonencode({{ secret = {SECRET} }})
}}
"""
KEYCLOAK = """
resource "keycloak_realm" "main" {
  realm = "main"

  smtp_server {
    host = "email-smtp.eu-west-1.amazonaws.com"
    from = "login@example.com"

    auth {
      username = aws_iam_access_key.sync.id
      password = aws_iam_access_key.sync.ses_smtp_password_v4
    }
  }
}
"""
AUTH0 = """
resource "auth0_email_provider" "ses" {
  name                 = "smtp"
  default_from_address = "login@example.com"

  credentials {
    smtp_host = "email-smtp.eu-west-1.amazonaws.com"
    smtp_user = aws_iam_access_key.sync.id
    smtp_pass = aws_iam_access_key.sync.ses_smtp_password_v4
  }
}
"""
NETLIFY = f"""
resource "netlify_environment_variable" "secret" {{
  key    = "AWS_SECRET_ACCESS_KEY"
  values = [{{ value = {SECRET}, context = "all" }}]
}}
"""
AKAMAI = f"""
resource "akamai_datastream" "logs" {{
  s3_connector {{
    bucket            = "landing"
    access_key        = {ID}
    secret_access_key = {SECRET}
  }}
}}
"""
#: Consumers that can have nothing but a key.
EXCEPTIONS = {"keycloak": KEYCLOAK, "auth0": AUTH0, "netlify": NETLIFY, "akamai": AKAMAI}
#: Name → the consumer's code, the template, and whether the consumer is switched by edits.
CONSUMERS: dict[str, tuple[str, str, bool]] = {
    "fastly": (FASTLY, "cross_account_role", True),
    "fastly_kinesis": (FASTLY_KINESIS, "cross_account_role", True),
    "datadog": (DATADOG, "cross_account_role", True),
    "datadog_of_a_site": (DATADOG_OF_A_SITE, "cross_account_role", True),
    "datadog_old": (DATADOG_OLD, "cross_account_role", True),
    "snowflake": (SNOWFLAKE, "cross_account_role", True),
    "snowflake_as": (SNOWFLAKE_AS, "cross_account_role", True),
    "atlas": (ATLAS, "cross_account_role", True),
    "atlas_set_up": (ATLAS_SET_UP, "cross_account_role", True),
    "databricks": (DATABRICKS, "cross_account_role", False),
    "databricks_mount": (DATABRICKS_MOUNT, "cross_account_role", False),
    "confluent": (CONFLUENT, "cross_account_role", True),
    "confluent_more": (CONFLUENT_MORE, "cross_account_role", True),
    "vault": (VAULT, "vault_role", True),
    "vault_enterprise": (VAULT_ENTERPRISE, "vault_role", True),
    "vault_auth": (VAULT_AUTH, "vault_role", True),
    "vault_sync": (VAULT_SYNC, "cross_account_role", True),
    "transfer": (TRANSFER, "google_workload", True),
    "transfer_of_one_project": (TRANSFER_OF_ONE_PROJECT, "google_workload", True),
    "google": (GOOGLE, "google_workload", False),
    "google_default": (GOOGLE_DEFAULT, "google_workload", False),
    "azure": (AZURE, "azure_workload", False),
    "azure_own": (AZURE_OWN, "azure_workload", False),
    "azure_none": (AZURE_NONE, "azure_workload", False),
    "heroku": (HEROKU, "roles_anywhere", False),
    "heroku_anchored": (HEROKU_ANCHORED, "roles_anywhere", False),
    "openstack_authority": (OPENSTACK_AUTHORITY, "roles_anywhere", False),
    "codespace": (CODESPACE, "identity_center", False),
    "codespace_sso": (CODESPACE_SSO, "identity_center", False),
    "spacelift": (SPACELIFT, "cross_account_role", True),
    "newrelic": (NEWRELIC, "cross_account_role", False),
    "sumologic": (SUMOLOGIC, "cross_account_role", True),
    "cloudamqp": (CLOUDAMQP, "cross_account_role", True),
    "parameter": (PARAMETER, "store_only", False),
    "in_vault": (IN_VAULT, "vault_issued", False),
    "in_vault_by_path": (IN_VAULT_BY_PATH, "vault_issued", False),
    "secret_version": (SECRET_VERSION, "store_only", False),
}
USERS = {"policy": KEY, "managed": OTHER_KEY}
