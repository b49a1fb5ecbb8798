"""The rows of ``clues.yaml``, and what names, rights and documents speak for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import jsonschema
import pytest
import yaml

from rolefirst.decision import clues
from rolefirst.decision.catalogue_rows import TEMPLATES
from rolefirst.decision.keys import keys
from rolefirst.decision.order import decide
from rolefirst.findings import Confidence, Decision
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]
HERE = Path(clues.__file__).parent
CONTENT = yaml.safe_load((HERE / "clues.yaml").read_text("utf-8"))

OUTPUT = (
    'output "deploy_secret_key" {\n  value     = aws_iam_access_key.k.secret\n'
    "  sensitive = true\n}\n"
)
PLAIN = OUTPUT.replace("deploy_secret_key", "app_secret_key")


def of(project: Project) -> Decision:
    (key,) = keys(project)
    return decide(key, project)


def test_the_file_fits_its_schema() -> None:
    schema = json.loads((HERE / "clues.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(CONTENT, schema, jsonschema.Draft202012Validator)


def test_a_row_of_a_wrong_form_does_not_fit() -> None:
    schema = json.loads((HERE / "clues.schema.json").read_text("utf-8"))
    wrong = {"words": [{"category": "ci", "words": ["Two Words"]}], "policies": [], "commands": []}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema, jsonschema.Draft202012Validator)


def test_better_alternatives_have_their_templates() -> None:
    better = [row.better for _, row in clues.packaged().words if row.better]
    better += [row.clue.better for row in clues.packaged().rights if row.clue.better]
    assert better
    for row in better:
        assert row.template in TEMPLATES[row.alternative], row


def test_no_word_speaks_for_two_categories() -> None:
    seen: dict[str, str] = {}
    for row in CONTENT["words"]:
        for word in row["words"]:
            assert seen.setdefault(word, row["category"]) == row["category"], word


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("github-actions", "ci"),
        ("svc_deployers", "ci"),
        ("Runs on premises, see the wiki", "external-workload"),
        ("runs on a premise", ""),
        ("okta-sync", "saas"),
        ("smtp.relay", "ses-smtp"),
        ("session-store", ""),
        ("circus", ""),
        ("makes presigned URLs", "external-workload"),
    ],
)
def test_words(text: str, category: str) -> None:
    assert next((c.category for c in clues.packaged().of_words(text)), "") == category


@pytest.mark.parametrize(
    ("policy", "category", "alternative"),
    [
        ('["ses:SendRawEmail"]', "ses-smtp", "exception"),
        ('["iam:ListRoles", "iam:ListAccountAliases"]', "saas", "identity-center"),
        ('["iam:ListRoles", "iam:PassRole"]', "unknown", "ask-owner"),
        ('["ecr:PutImage", "ecr:BatchGetImage"]', "ci", "oidc-federation"),
        ('["s3:GetObject"]', "unknown", "ask-owner"),
    ],
)
def test_rights(estate: Estate, policy: str, category: str, alternative: str) -> None:
    project = estate(
        'resource "aws_iam_user_policy" "p" {\n  user = aws_iam_user.u.name\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", Resource = "*", '
        f"Action = {policy} }}] }})\n}}\n{PLAIN}"
    )
    decision = of(project)
    assert (decision.category, decision.alternative) == (category, alternative)


def test_a_managed_policy_of_an_agent(estate: Estate) -> None:
    project = estate(
        'resource "aws_iam_user_policy_attachment" "p" {\n  user = aws_iam_user.u.name\n'
        '  policy_arn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"\n}\n' + PLAIN
    )
    decision = of(project)
    assert decision.alternative == "roles-anywhere"
    assert any("CloudWatchAgentServerPolicy" in line.text for line in decision.evidence)


@pytest.mark.parametrize(
    ("name", "text", "category", "confidence"),
    [
        (".github/workflows/ship.yml", "run: use ${{ app_secret_key }}", "ci", Confidence.LOW),
        (
            "ci/pipelines/create.yml",
            "AWS_SECRET_ACCESS_KEY: ((terraform_outputs_app_secret_key))",
            "ci",
            Confidence.LOW,
        ),
        ("Jenkinsfile", "sh 'terraform output app_secret_key'", "ci", Confidence.LOW),
        (
            "setup.sh",
            "terraform output -raw app_secret_key | gh secret set AWS",
            "ci",
            Confidence.MEDIUM,
        ),
        (
            "bin/heroku.sh",
            'heroku config:set S="$(terraform output -raw app_secret_key)"',
            "external-workload",
            Confidence.MEDIUM,
        ),
        (
            "seal.sh",
            "kubectl create secret generic x --from-literal k=$(terraform output app_secret_key)",
            "kubernetes",
            Confidence.LOW,
        ),
    ],
)
def test_documents(
    estate: Estate, name: str, text: str, category: str, confidence: Confidence
) -> None:
    main = 'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
    main += 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n' + PLAIN
    decision = of(estate({"main.tf": main, name: f"first line\n{text}\n"}))
    assert (decision.category, decision.confidence) == (category, confidence)
    (line,) = [e for e in decision.evidence if e.kind == "document"]
    assert line.location is not None
    assert (line.location.path, line.location.line) == (name, 2)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.sh", "echo another_app_secret_key"),
        ("notes.txt", "terraform output app_secret_key | gh secret set AWS"),
        ("node_modules/x/setup.sh", "terraform output app_secret_key | gh secret set AWS"),
        ("README.md", "Run terraform output app_secret_key."),
    ],
)
def test_documents_that_say_nothing(estate: Estate, name: str, text: str) -> None:
    main = 'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
    main += 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n' + PLAIN
    decision = of(estate({"main.tf": main, name: text}))
    assert decision.alternative == "ask-owner"


def test_a_comment_above_the_module_call_is_heard(estate: Estate) -> None:
    project = estate(
        {
            "m/main.tf": 'resource "aws_iam_user" "u" {\n  name = "x"\n}\n'
            'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'
            'output "s" {\n  value = aws_iam_access_key.k.secret\n}\n',
            "main.tf": '# For the Jenkins in the cellar\nmodule "m" {\n  source = "./m"\n}\n'
            'output "s" {\n  value = module.m.s\n  sensitive = true\n}\n',
        }
    )
    decision = of(project)
    assert decision.category == "ci"
    (line,) = [e for e in decision.evidence if e.kind == "comment"]
    assert str(line.location) == "main.tf:2"


@pytest.mark.parametrize(
    ("address", "alternative"),
    [
        ("ada.lovelace@example.org", "identity-center"),
        ("platform-team@example.org", "ask-owner"),
        ("none", "ask-owner"),
    ],
)
def test_an_address_in_a_tag(estate: Estate, address: str, alternative: str) -> None:
    main = (
        f'resource "aws_iam_user" "u" {{\n  name = "svc"\n  tags = {{ email = "{address}" }}\n}}\n'
    )
    main += 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n' + PLAIN
    assert of(estate({"main.tf": main})).alternative == alternative


def test_the_description_of_a_variable(estate: Estate) -> None:
    main = (
        'variable "name" {\n  description = "The user that Heroku signs in with"\n}\n'
        'variable "stage" {\n  description = "The deployment environment"\n}\n'
        'provider "aws" {}\n'
        'resource "aws_iam_user" "u" {\n  name = "${var.name}-${var.stage}"\n}\n'
        'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n' + PLAIN
    )
    lines = [e for e in of(estate({"main.tf": main})).evidence if e.kind == "description"]
    assert [line.text for line in lines] == [
        'the description of var.name says "The user that Heroku signs in with"'
    ]


@pytest.mark.parametrize(
    ("resources", "inside"),
    [
        ('["arn:aws:s3:::store", "arn:aws:s3:::store/*"]', True),
        ('["arn:aws:s3:::store/*", "arn:aws:s3:::other"]', False),
        ('["arn:aws:s3:::store/*", "*"]', False),
        ('"arn:aws:s3:::*"', False),
    ],
)
def test_one_bucket(estate: Estate, resources: str, inside: bool) -> None:
    project = estate(
        'resource "aws_iam_user_policy" "p" {\n  user = aws_iam_user.u.name\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", '
        f"Resource = {resources} }}] }})\n}}\n{PLAIN}"
    )
    decision = of(project)
    assert any("bucket store" in line.text for line in decision.evidence) is inside
    assert decision.alternative == "ask-owner"


@pytest.mark.parametrize(
    ("region", "alternative"),
    [
        ("us-gov-west-1", "roles-anywhere"),
        ("cn-north-1", "roles-anywhere"),
        ("eu-west-1", "iam-role"),
    ],
)
def test_a_role_does_not_cross_partitions(estate: Estate, region: str, alternative: str) -> None:
    main = (
        f'provider "aws" {{\n  region = "{region}"\n}}\n'
        'provider "aws" {\n  alias  = "here"\n  region = "us-east-1"\n}\n'
        'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
        'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'
        'resource "aws_lambda_function" "f" {\n  provider = aws.here\n  environment {\n'
        "    variables = { S = aws_iam_access_key.k.secret }\n  }\n}\n"
    )
    decision = of(estate({"main.tf": main}))
    assert decision.alternative == alternative
    crossing = [p.step for p in decision.passed_over if "cannot be assumed" in p.reason]
    expected = ["iam-role", "cross-account-role"] if alternative == "roles-anywhere" else []
    assert crossing == expected
