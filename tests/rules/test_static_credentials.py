"""When the arguments of a provider or backend are a long-lived key of AWS."""

from __future__ import annotations

import pytest

from rolefirst import testing
from rolefirst.findings import Finding
from rolefirst.rules.rf705_provider_static_credentials import ProviderStaticCredentials

# Made up, valid nowhere.
KEY_ID = "AKIAPTGZ6JFEBZSDOXRL"
SECRET = "xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU"
EXAMPLE_ID = "AKIAIOSFODNN7EXAMPLE"  # from the documentation of AWS
VARIABLES = 'variable "a" {}\nvariable "b" {\n  default = null\n}\n'


def findings(files: dict[str, str]) -> tuple[Finding, ...]:
    result = testing.scan(files, ProviderStaticCredentials())
    assert result.errors == ()
    return result.findings


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (f'access_key = "{KEY_ID}"', 1),
        (f'secret_key = "{SECRET}"', 1),
        (f'access_key = "{EXAMPLE_ID}"', 1),
        ("access_key = var.a", 1),
        ("secret_key = var.b", 0),
        ('access_key = ""', 0),
        ('access_key = "mock_access_key"\n  secret_key = "mock_secret_key"', 0),
        ('access_key = "test"\n  secret_key = var.a', 0),
        ("access_key = var.a\n  token = var.a", 0),
        ("access_key = var.a\n  token = var.b", 1),
        ("access_key = var.a\n  skip_credentials_validation = true", 1),
        ("access_key = var.a\n  endpoints {\n  s3 = var.a\n  }", 1),
        (
            "access_key = var.a\n  skip_credentials_validation = true\n"
            "  endpoints {\n  s3 = var.a\n  }",
            0,
        ),
        (
            "access_key = var.a\n  skip_credentials_validation = true\n"
            '  endpoints {\n  s3 = "https://s3.cn-north-1.amazonaws.com.cn"\n  }',
            1,
        ),
        (
            "access_key = var.a\n  skip_credentials_validation = true\n"
            '  endpoints {\n  s3 = "https://amazonaws.com.example.net"\n  }',
            0,
        ),
        (
            "access_key = var.a\n  skip_credentials_validation = true\n"
            '  endpoints {\n  s3 = "https://s3.notamazonaws.com"\n  }',
            0,
        ),
    ],
)
def test_a_provider(arguments: str, count: int) -> None:
    code = f'{VARIABLES}provider "aws" {{\n  {arguments}\n}}\n'

    assert len(findings({"main.tf": code})) == count


def test_a_variable_file_decides() -> None:
    code = f'{VARIABLES}provider "aws" {{\n  access_key = var.b\n}}\n'

    assert findings({"main.tf": code}) == ()
    assert len(findings({"main.tf": code, "terraform.tfvars": f'b = "{KEY_ID}"\n'})) == 1


def test_the_addresses_and_that_nothing_is_shown() -> None:
    code = f"""
        terraform {{
          backend "s3" {{
            secret_key = "{SECRET}"
          }}
        }}
        provider "aws" {{
          access_key = "{KEY_ID}"
        }}
        provider "aws" {{
          alias      = "other"
          access_key = "{KEY_ID}"
        }}
        data "terraform_remote_state" "x" {{
          backend = "s3"
          config  = {{ access_key = "{KEY_ID}" }}
        }}
    """
    found = findings({"main.tf": code})

    assert {finding.address for finding in found} == {
        "terraform.backend",
        "provider.aws",
        "provider.aws.other",
        "data.terraform_remote_state.x",
    }
    assert not [piece for piece in (KEY_ID[5:], SECRET[5:]) if piece in str(found)]


def test_the_key_that_the_code_makes_is_named() -> None:
    code = """
        resource "aws_iam_access_key" "k" {
          user = "k"
        }
        provider "aws" {
          access_key = aws_iam_access_key.k.id
          secret_key = aws_iam_access_key.k.secret
        }
    """
    (finding,) = findings({"main.tf": code})

    assert [place.label for place in finding.related] == ["the key: aws_iam_access_key.k"]


def test_a_backend_of_a_called_module_is_not_read() -> None:
    module = f'terraform {{\n  backend "s3" {{\n    access_key = "{KEY_ID}"\n  }}\n}}\n'
    call = 'module "m" {\n  source = "./m"\n}\n'

    assert len(findings({"m/main.tf": module})) == 1
    assert findings({"main.tf": call, "m/main.tf": module}) == ()


def test_json_syntax() -> None:
    code = f"""{{
      "terraform": {{"backend": {{"s3": {{"access_key": "{KEY_ID}"}}}}}},
      "provider": {{"aws": {{"access_key": "{KEY_ID}", "endpoints": {{"s3": "http://x"}},
                             "skip_requesting_account_id": true}}}}
    }}"""

    assert [f.address for f in findings({"main.tf.json": code})] == ["terraform.backend"]
