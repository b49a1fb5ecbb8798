"""Every template, for ordinary and for hostile keys: parses, fits the provider, is formatted."""

from __future__ import annotations

import io
import json
import re
import subprocess
from dataclasses import replace

import pytest
from checks import TERRAFORM, blocks, breakouts, misfits, unformatted, write_tree
from key_shapes import (
    BARE,
    EVIL,
    HOSTILE,
    ONE_DOCUMENT,
    S3_POLICY,
    SHAPES,
    TEMPLATE_FILES,
    TEMPLATES,
    TIED,
    USUAL,
    consumer_for,
    decision_for,
    document,
    managed,
    with_consumer,
)

from rolefirst import remediation
from rolefirst.decision import catalogue
from rolefirst.findings import Confidence, Consumer, Location, PassedOver
from rolefirst.remediation import KeyFacts, remediate
from rolefirst.remediation.expressions import is_reference
from rolefirst.remediation.filters import (
    hcl,
    hcl_json,
    hcl_map,
    is_provider,
    joined,
    label,
    plain,
)
from rolefirst.remediation.keyfacts import Written
from rolefirst.remediation.names import SUFFIXES

hcl2 = pytest.importorskip("hcl2")
CASES = [(shape, template) for shape in SHAPES for template in TEMPLATES]


def render(template: str, facts: KeyFacts, **changes: object) -> remediation.Remediation:
    if changes.get("consumers") != ():
        facts = with_consumer(facts, template)
    return remediate(decision_for(template, facts, **changes), facts)


def test_every_template_is_known_and_every_known_template_is_there():
    assert set(TEMPLATES) == set(SUFFIXES)


@pytest.mark.parametrize(("shape", "template"), CASES)
def test_fits_the_provider_schema(shape, template):
    terraform = render(template, SHAPES[shape][0]).terraform
    assert misfits(terraform) == []


@pytest.mark.parametrize(("shape", "template"), CASES)
def test_names_are_unique_and_accepted(shape, template):
    terraform = render(template, SHAPES[shape][0]).terraform
    addresses = [(t, n) for t, n, _ in blocks(terraform, "resource")]
    assert len(addresses) == len(set(addresses))
    for kind, name, body in blocks(terraform, "resource"):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        limit = {"aws_iam_role": 64, "aws_iam_user": 64, "aws_ssoadmin_permission_set": 32}
        if kind in limit:
            pattern = rf'"[A-Za-z0-9_+=,.@-]{{1,{limit[kind]}}}"'
            spelled = body["name"].replace("${var.name}", "n")
            assert re.fullmatch(pattern, spelled), spelled


@pytest.mark.parametrize(("shape", "template"), CASES)
def test_every_reference_to_a_rendered_block_resolves(shape, template):
    facts = SHAPES[shape][0]
    terraform = render(template, facts).terraform
    code = "\n".join(line for line in terraform.splitlines() if not line.startswith("#"))
    code = re.sub(r'"(?:\\.|[^"\\$]|\$(?!\{))*"', '""', code)
    declared = {f"{t}.{n}" for t, n, _ in blocks(terraform, "resource")}
    declared |= {f"data.{t}.{n}" for t, n, _ in blocks(terraform, "data")}
    named = {"aws_iam_policy.more", "aws_iam_user_policy.ci", "data.aws_iam_policy_document.ci"}
    used = set(re.findall(r"(?<![\w.])((?:data\.)?(?:aws|time|terraform)_\w+\.\w+)", code))
    assert used <= declared | named
    variables = set(re.findall(r'^variable "(\w+)"', terraform, re.MULTILINE))
    of_the_module = {"name", "tags", "boundary_arn"} if shape in ("expressions", "tied") else set()
    assert set(re.findall(r"\bvar\.(\w+)", terraform)) - of_the_module == variables


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_hostile_name_stays_a_name(template):
    assert breakouts(render(template, EVIL)) == []


@pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")
def test_is_formatted(tmp_path):
    for shape, template in CASES:
        text = render(template, SHAPES[shape][0]).terraform
        write_tree(tmp_path, {f"{shape}/{template}.tf": text})
    assert unformatted(tmp_path) == set()


@pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")
def test_terraform_reads_back_exactly_what_was_quoted(tmp_path):
    values = [
        HOSTILE,
        "$${x}",
        "$$${x}",
        "%%{if}",
        "$",
        "$\u200b{x}",
        "\x00",
        "\\",
        '"',
        "\U000e0001",
    ]
    listing = "".join(f"{hcl(value)}, " for value in values)
    document = hcl_json(json.dumps({"a": values}))
    (tmp_path / "main.tf").write_text(
        f'output "v" {{\n  value = [[{listing}], {hcl_map({v: v for v in values})}, '
        f"jsondecode(\n{document}\n)]\n}}\n",
        encoding="utf-8",
    )
    for command in (["apply", "-auto-approve"], ["output", "-json", "v"]):
        done = subprocess.run(
            ["terraform", *command], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == [values, {v: v for v in values}, {"a": values}]


def test_policies_move_to_the_role():
    terraform = render("ecs_task_role", USUAL).terraform
    attached = [b["policy_arn"] for t, _, b in blocks(terraform, "resource") if "attach" in t]
    assert attached == [
        '"arn:aws:iam::aws:policy/ReadOnlyAccess"',
        '"arn:aws:iam::123456789012:policy/team/Deploy"',
        "${aws_iam_policy.more.arn}",
    ]
    assert "$${aws:username}" in terraform
    assert "policy = aws_iam_user_policy.ci.policy" in terraform
    assert 'variable "' not in terraform


def test_identity_center_tells_customer_managed_policies_apart():
    bodies = blocks(render("identity_center", USUAL).terraform, "resource")
    customer = [
        b["customer_managed_policy_reference"][0] for t, _, b in bodies if "customer_managed" in t
    ]
    assert [(c["name"], c["path"]) for c in customer] == [
        ('"Deploy"', '"/team/"'),
        ("${aws_iam_policy.more.name}", "${aws_iam_policy.more.path}"),
    ]
    inline = [b for t, _, b in bodies if t.endswith("inline_policy")]
    assert len(inline) == 1
    assert inline[0]["inline_policy"].endswith("_merged.json}")


@pytest.mark.parametrize("template", ["instance_profile", "ecs_task_role"])
def test_nothing_assumed_is_safe(template):
    assert render(template, USUAL).applicability == "safe"
    assert render(template, USUAL, confidence=Confidence.MEDIUM).applicability == "review"
    assert render(template, BARE).applicability == "review"
    assert render(template, EVIL).applicability == "review"
    assert render(template, replace(USUAL, provider_alias="a b")).applicability == "review"


@pytest.mark.parametrize(
    "policy",
    [
        managed("p", "not an arn"),
        managed("p", "", "each.value"),
        document("p", "{"),
        document("p", "[]"),
        document("p", '{"a": NaN}'),
        document("p", "", "file(each.value)"),
    ],
)
def test_a_policy_that_cannot_be_repeated_becomes_a_variable(policy):
    result = render("ecs_task_role", replace(USUAL, policies=(policy,)))
    assert result.applicability == "review"
    assert "= var.ci_uploader_deploy_task_p_" in result.terraform
    for text in (policy.source.value, policy.source.expression):
        assert text not in result.terraform or text in ("", "{", "[]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws_iam_policy.a.arn", True),
        ('aws_iam_policy.a["k-1"].arn', True),
        ("module.a[0].b-c", True),
        ("local.x\n", False),
        ("local.x}", False),
        ('a["${b}"].c', False),
        ('a["b\nc"].d', False),
        ('a["\u202e"].d', False),
        ("count.index", False),
        ("self.arn", False),
        ("true", False),
        ("a." + "b" * 500, False),
    ],
)
def test_references(text, expected):
    assert is_reference(text) is expected


def test_provider_names():
    assert is_provider("aws.west")
    assert not is_provider("aws.west\n")
    assert not is_provider("aws.west.x")
    assert "provider = aws.west" in render("ecs_task_role", USUAL).terraform


def test_labels_are_identifiers_and_settle():
    for value in ("Ünïcode", "日本", "9lives", "a" * 200, "", "a-b.c", HOSTILE):
        made = label(value, 40)
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", made)
        assert label(made, 40) == made
    assert label("a" * 200) != label("a" * 201)
    assert label("日本") != label("値")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("shop-ci", "ci", "github"), "shop-ci_github"),
        (("shop_ci", "ci_deploy"), "shop_ci_deploy"),
        (("a_b", "b_a"), "a_b_a"),
        (("ci", "CI"), "ci"),
        (("key", ""), "key"),
        (("monkey", "key"), "monkey_key"),
    ],
)
def test_joined_names_repeat_no_words(parts, expected):
    assert joined("_", *parts) == expected


def test_a_new_user_never_has_the_name_of_the_old_one():
    facts = replace(ONE_DOCUMENT, user_name=Written("old-exception", '"old-exception"'))
    assert 'name = "old-exception-exception"' in render("exception", facts).terraform


def test_plain_keeps_one_line():
    assert plain("a\nb\x1b[31m\u202ec") == "a b [31m c"
    assert len(plain("x" * 999)) == 240


def test_a_template_cannot_print_an_unfiltered_value():
    with pytest.raises(TypeError, match="no filter"):
        remediation.templates().from_string("{{ name }}").render(name="x")


def test_unknown_template_is_refused():
    with pytest.raises(ValueError, match="no remediation template"):
        render("../../etc/passwd", USUAL)


def test_the_steps_keep_the_key_alive_until_the_switch_is_proven():
    text = "\n".join(render("ecs_task_role", USUAL).steps)
    order = [
        "Create module.ci.aws_iam_role.ci_uploader_deploy_task",
        "to aws_ecs_task_definition.api through task_role_arn",
        "get-access-key-last-used --access-key-id <ACCESS_KEY_ID>",
        "--user-name ci-uploader --access-key-id <ACCESS_KEY_ID> --status Inactive",
        "Wait for",
        "aws_iam_user_policy.ci.policy",
        "aws iam delete-access-key",
        "aws iam delete-user",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("consumer_type", "attribute", "services", "argument"),
    [
        ("aws_codebuild_project", "environment", ["codebuild.amazonaws.com"], "service_role"),
        (
            "aws_mwaa_environment",
            "airflow_configuration_options",
            ["airflow.amazonaws.com", "airflow-env.amazonaws.com"],
            "execution_role_arn",
        ),
        (
            "aws_apprunner_service",
            "source_configuration",
            ["tasks.apprunner.amazonaws.com"],
            "instance_role_arn",
        ),
    ],
)
def test_service_role_trusts_the_service_of_the_consumer(
    consumer_type, attribute, services, argument
):
    consumer = Consumer(
        f"{consumer_type}.x", attribute, "secret", Location("a.tf", 1), "", consumer_type
    )
    result = render("service_role", replace(USUAL, consumer=consumer))
    assert json.dumps(services) in result.terraform
    assert any(argument in step for step in result.steps)


def test_service_role_of_an_unknown_consumer_asks_for_the_service():
    result = render("service_role", USUAL, consumers=())
    assert 'variable "ci_uploader_deploy_service_principal"' in result.terraform
    assert result.applicability == "review"


def test_a_consumer_with_a_role_keeps_its_rights():
    result = render("lambda_role", ONE_DOCUMENT)
    assert result.applicability == "review"
    assert any("already runs with a role" in step for step in result.steps)
    assert "AWSLambdaBasicExecutionRole" in result.terraform


def test_github_offers_both_subject_shapes():
    terraform = render("oidc_github", USUAL).terraform
    assert re.search(
        r'immutable = \["repo:\$\{var\.\w+_owner\}@\$\{var\.\w+_owner_id\}/', terraform
    )
    assert re.search(
        r'name      = \["repo:\$\{var\.\w+_owner\}/\$\{var\.\w+_repository\}:', terraform
    )
    assert "thumbprint_list" not in terraform


def test_oidc_always_pins_audience_and_subject():
    for template in ("oidc_github", "oidc_gitlab", "oidc_generic"):
        trust = [
            body
            for kind, _, body in blocks(render(template, USUAL).terraform, "data")
            if kind == "aws_iam_policy_document"
        ]
        (statement,) = trust[0]["statement"]
        claims = [c["variable"].strip('"').rpartition(":")[2] for c in statement["condition"]]
        assert claims == ["aud", "sub"]


@pytest.mark.parametrize(
    ("consumer_type", "claims"),
    [("google_compute_instance", ["sub", "oaud"]), ("google_storage_transfer_job", ["sub"])],
)
def test_google_needs_no_provider(consumer_type, claims):
    consumer = Consumer(
        f"{consumer_type}.x", "env", "secret", Location("a.tf", 1), "", consumer_type
    )
    terraform = render("google_workload", replace(USUAL, consumer=consumer)).terraform
    assert "openid_connect_provider" not in terraform
    trust = next(b for t, _, b in blocks(terraform, "data") if t == "aws_iam_policy_document")
    assert misfits(terraform) == []
    conditions = trust["statement"][0]["condition"]
    assert [c["variable"] for c in conditions] == [f'"accounts.google.com:{c}"' for c in claims]


def test_the_catalogue_leads_to_templates_that_are_told_its_services():
    for row in catalogue.packaged().sinks:
        assert row.template in SUFFIXES
        assert row.trust or row.template != "service_role", row.types


def test_exception_has_its_elements():
    result = render("exception", replace(USUAL, tags={"OWNER": "x", "Team": "y"}))
    terraform = result.terraform
    assert 'path = "/access-key-exceptions/"' in terraform
    user = next(body for kind, _, body in blocks(terraform, "resource") if kind == "aws_iam_user")
    assert "OWNER" not in str(user["tags"])
    for tag in ("Owner", "Purpose", "Permissions", "Source", "Rotation", "Audit", "Deactivation"):
        assert re.search(rf"^ +{tag} += ", terraform, re.MULTILINE), tag
    source = next(b for t, _, b in blocks(terraform, "data") if t == "aws_iam_policy_document")
    (statement,) = source["statement"]
    assert statement["effect"] == '"Deny"'
    days = [b["rotation_days"] for t, _, b in blocks(terraform, "resource") if t == "time_rotating"]
    assert sorted(days) == [70, 84]
    keys = [b for t, _, b in blocks(terraform, "resource") if t == "aws_iam_access_key"]
    assert len(keys) == 2
    for key in keys:
        (trigger,) = key["lifecycle"][0]["replace_triggered_by"]
        assert "terraform_data." in trigger
    assert "output" not in hcl2.load(io.StringIO(terraform))
    assert terraform.count("#   - id:") == 2
    assert 'key: "module.ci.aws_iam_access_key.ci_uploader_deploy_exception_a"' in terraform


def test_the_two_exception_keys_never_turn_in_the_same_week():
    first, second = range(84, 366, 84), range(70, 366, 70)
    assert min(abs(a - b) for a in first for b in second) >= 14


def test_exception_register_carries_the_reasons():
    passed = (
        PassedOver("iam-role", f"outside AWS {HOSTILE}"),
        PassedOver("oidc-federation", "no issuer"),
        PassedOver("roles-anywhere", "no certificate"),
    )
    terraform = render("exception", USUAL, passed_over=passed).terraform
    assert 'temporary_credentials: "no issuer no certificate"' in terraform
    yaml = pytest.importorskip("yaml")
    comment = terraform.split("approves it:\n#\n")[1]
    register = yaml.safe_load("\n".join(line[2:] for line in comment.splitlines()))
    entries = register["exceptions"]
    assert [entry["rotation"]["days"] for entry in entries] == [84, 70]
    assert entries[0]["alternatives_considered"]["iam_role"].startswith("outside AWS x")


def test_exception_for_smtp_stores_the_smtp_password():
    terraform = render("exception", USUAL, category="ses-smtp").terraform
    assert "_newer.ses_smtp_password_v4" in terraform
    assert "_newer.secret\n" not in terraform


def test_delete_unused_and_ask_owner_create_nothing():
    unused = render("delete_unused", USUAL, consumers=())
    assert blocks(unused.terraform, "resource") == []
    assert all(line.startswith("#") for line in unused.terraform.splitlines())
    assert "no date" in unused.steps[0]
    asked = render("ask_owner", USUAL, consumers=(), question="Is it the nightly export?")
    assert asked.terraform == ""
    assert any("Is it the nightly export?" in step for step in asked.steps)
    assert any("cloudtrail lookup-events" in step for step in asked.steps)
    assert {unused.applicability, asked.applicability} == {"review"}


def test_delete_unused_with_a_twin_switches_first():
    consumer = consumer_for("ecs_task_role")
    result = render("delete_unused", replace(USUAL, consumer=consumer))
    assert "aws_ecs_task_definition.api" in result.steps[0]


def test_other_consumers_are_named():
    first, second = consumer_for("ecs_task_role"), consumer_for("lambda_role")
    result = render("ecs_task_role", USUAL, consumers=(first, second, second))
    assert "Do the same for the other consumers: aws_lambda_function.job." in result.steps


def test_service_specific_credentials_have_their_own_commands():
    facts = replace(USUAL, key_address="aws_iam_service_specific_credential.git")
    text = "\n".join(render("ecs_task_role", facts).steps)
    assert "update-service-specific-credential" in text
    assert "access-key" not in text


def test_a_key_made_by_a_published_module_is_switched_off_there():
    facts = replace(BARE, key_address="module.user", origin="module", switch="create_access_key")
    text = "\n".join(render("ecs_task_role", facts).steps)
    assert "set create_access_key = false in module.user" in text
    assert 'status = "Inactive" in' not in text
    assert "the id is an output of module.user" in text


def test_identity_center_cannot_share_an_exclusive_attachment():
    result = render("identity_center", TIED)
    text = "\n".join(result.steps)
    assert "Replace module.a.aws_iam_policy_attachment.held by" in text
    assert "aws_ssoadmin_permissions_boundary_attachment" in text
    assert "AWSReservedSSO" in text
    assert "exclusive" not in result.terraform


def test_an_exception_joins_exclusive_attachments_and_lists():
    terraform = render("exception", TIED).terraform
    assert "users = concat([aws_iam_user.up.name], [aws_iam_user.up_exception.name])" in terraform
    lists = {t: b for t, _, b in blocks(terraform, "resource") if t.endswith("_exclusive")}
    assert set(lists) == {
        "aws_iam_user_policy_attachments_exclusive",
        "aws_iam_user_policies_exclusive",
    }
    arns = str(lists["aws_iam_user_policy_attachments_exclusive"]["policy_arns"])
    assert "aws_iam_user_policy_attachment.up_exception_source.policy_arn" in arns
    assert "lower(name)" in terraform


def test_document_is_repeated_exactly():
    terraform = render("ecs_task_role", ONE_DOCUMENT).terraform
    body = terraform.split("<<-JSON\n")[1].split("  JSON")[0].replace("$${", "${")
    assert json.loads(body) == json.loads(S3_POLICY)


def test_templates_hold_no_unfiltered_policy_of_their_own():
    for path in TEMPLATE_FILES.glob("*.tf.j2"):
        text = path.read_text(encoding="utf-8")
        assert "| safe" not in text
        assert "thumbprint_list" not in text
        assert "managed_policy_arns" not in text
