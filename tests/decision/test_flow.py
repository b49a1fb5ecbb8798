"""Where a key goes: every exit, what arrives there and which way it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.decision.consumers import uses
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Key, keys
from rolefirst.project import Block, Project

Estate = Callable[[str | Mapping[str, str]], Project]

USER = 'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
KEY = 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'
ID = "aws_iam_access_key.k.id"
SECRET = "aws_iam_access_key.k.secret"


def sink(value: str, name: str = "s") -> str:
    return f'resource "github_actions_secret" "{name}" {{\n  plaintext_value = {value}\n}}\n'


def found(project: Project, number: int = 0) -> set[tuple[str, str, str]]:
    key = keys(project)[number].block
    return {
        (item.block.address, ".".join(item.attribute), item.carries.value)
        for item in exits(key, project)
    }


AT_SINK = {("github_actions_secret.s", "plaintext_value", "secret")}
USER_DATA = {("aws_instance.i", "user_data", "secret")}
INSTANCE = 'resource "aws_instance" "i" {\n  user_data = %s\n}\n'
TEMPLATE = 'data "template_file" "%s" {\n  template = "x"\n  vars = { s = %s }\n}\n'

CASES: dict[str, tuple[str, set[tuple[str, str, str]]]] = {
    "nothing": ("", set()),
    "straight": (sink(SECRET), AT_SINK),
    "in a text": (sink(f'"aws:${{{SECRET}}}"'), AT_SINK),
    "the id alone": (sink(ID), {("github_actions_secret.s", "plaintext_value", "key id")}),
    "both in a text": (
        sink(f'"${{{ID}}}:${{{SECRET}}}"'),
        AT_SINK | {("github_actions_secret.s", "plaintext_value", "key id")},
    ),
    "locals": (f"locals {{\n  a = {SECRET}\n  b = local.a\n}}\n" + sink("local.b"), AT_SINK),
    "a member": (
        f"locals {{\n  a = {{ id = {ID}, s = {SECRET} }}\n}}\n" + sink("local.a.s"),
        AT_SINK,
    ),
    "the other member": (
        f"locals {{\n  a = {{ id = {ID}, s = {SECRET} }}\n}}\n" + sink("local.a.id"),
        {("github_actions_secret.s", "plaintext_value", "key id")},
    ),
    "the whole key": (
        "locals {\n  k = aws_iam_access_key.k\n}\n" + sink("jsonencode(local.k)"),
        {("github_actions_secret.s", "plaintext_value", "whole object")},
    ),
    "a member of the whole key": (
        "locals {\n  k = aws_iam_access_key.k\n}\n" + sink("local.k.secret"),
        AT_SINK,
    ),
    "one side of a condition": (
        'variable "on" {\n  type = bool\n}\n' + sink(f'var.on ? {SECRET} : "none"'),
        AT_SINK,
    ),
    "a for": (
        f"locals {{\n  m = {{ for k, v in {{ a = {SECRET} }} : k => upper(v) }}\n}}\n"
        + sink('local.m["a"]'),
        AT_SINK,
    ),
    "a splat": (sink('join("", aws_iam_access_key.k[*].secret)'), AT_SINK),
    "functions": (sink(f'base64encode(try(one([{SECRET}]), "x"))'), AT_SINK),
    "the SMTP password": (
        sink("aws_iam_access_key.k.ses_smtp_password_v4"),
        {("github_actions_secret.s", "plaintext_value", "SES password")},
    ),
    "the encrypted secret": (
        sink("aws_iam_access_key.k.encrypted_secret"),
        {("github_actions_secret.s", "plaintext_value", "encrypted secret")},
    ),
    "JSON": (
        'resource "aws_ecs_task_definition" "t" {\n  container_definitions = jsonencode([{\n'
        f'    environment = [{{ name = "S", value = {SECRET} }}]\n  }}])\n}}\n',
        {
            (
                "aws_ecs_task_definition.t",
                "container_definitions.0.environment.0.value",
                "secret",
            )
        },
    ),
    "a nested block": (
        'resource "aws_lambda_function" "f" {\n  environment {\n    variables = {\n'
        f"      KEY = {SECRET}\n    }}\n  }}\n}}\n",
        {("aws_lambda_function.f", "environment.0.variables.KEY", "secret")},
    ),
    "a heredoc": (
        'resource "aws_instance" "i" {\n  user_data = <<-EOT\n    export S=${'
        + SECRET
        + "}\n  EOT\n}\n",
        USER_DATA,
    ),
    "an output": (
        f'output "o" {{\n  value = {{ s = {SECRET} }}\n}}\n',
        {("output.o", "value.s", "secret")},
    ),
    "a provider": (
        f'provider "aws" {{\n  access_key = {ID}\n  secret_key = {SECRET}\n}}\n',
        {("provider.aws", "access_key", "key id"), ("provider.aws", "secret_key", "secret")},
    ),
    "a module that is elsewhere": (
        f'module "m" {{\n  source = "acme/x/aws"\n  keys = {{ s = {SECRET} }}\n}}\n',
        {("module.m", "keys.s", "secret")},
    ),
    "what only steers Terraform": (
        f'resource "aws_instance" "i" {{\n  count = {SECRET} == "" ? 0 : 1\n'
        "  depends_on = [aws_iam_access_key.k]\n"
        "  lifecycle {\n    replace_triggered_by = [aws_iam_access_key.k]\n  }\n}\n",
        set(),
    ),
    "a name in a comment": (f'resource "aws_instance" "i" {{\n  # {SECRET}\n}}\n', set()),
    "a carrier": (TEMPLATE % ("t", SECRET) + INSTANCE % "data.template_file.t.rendered", USER_DATA),
    "carriers in a row": (
        TEMPLATE % ("a", SECRET)
        + TEMPLATE % ("b", "data.template_file.a.rendered")
        + INSTANCE % "data.template_file.b.rendered",
        USER_DATA,
    ),
    "a carrier by way of a local": (
        TEMPLATE % ("t", SECRET)
        + "locals {\n  x = data.template_file.t.rendered\n}\n"
        + INSTANCE % "local.x",
        USER_DATA,
    ),
    "a carrier behind a block that also takes the id": (
        f'resource "aws_instance" "i" {{\n  tags = {{ k = {ID} }}\n'
        "  user_data = data.template_file.t.rendered\n}\n" + TEMPLATE % ("t", SECRET),
        USER_DATA | {("aws_instance.i", "tags.k", "key id")},
    ),
    "two carriers, the second one longer": (
        TEMPLATE % ("a", ID)
        + TEMPLATE % ("b", "data.template_file.c.rendered")
        + TEMPLATE % ("c", SECRET)
        + INSTANCE % '"${data.template_file.a.rendered}${data.template_file.b.rendered}"',
        USER_DATA | {("aws_instance.i", "user_data", "key id")},
    ),
    "carriers in a circle": (
        f'data "template_file" "a" {{\n  vars = {{\n    s = {SECRET}\n'
        "    t = data.template_file.b.rendered\n  }\n}\n"
        + TEMPLATE % ("b", "data.template_file.a.rendered")
        + INSTANCE % "data.template_file.b.rendered",
        USER_DATA,
    ),
    "another attribute of a carrier": (
        TEMPLATE % ("t", SECRET) + INSTANCE % "data.template_file.t.id",
        set(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_exits(estate: Estate, name: str) -> None:
    text, wanted = CASES[name]

    assert found(estate(text)) == wanted


def test_a_dynamic_block_is_the_block_it_makes(estate: Estate) -> None:
    project = estate(
        'resource "aws_elastic_beanstalk_environment" "e" {\n  dynamic "setting" {\n'
        f"    for_each = {{ KEY = {SECRET} }}\n"
        "    content {\n      name  = setting.key\n      value = setting.value\n    }\n  }\n}\n"
    )
    leaving = exits(keys(project)[0].block, project)

    assert leaving
    assert all(item.dotted.startswith("setting") for item in leaving)
    assert {use.consumer.category for use in uses(leaving, project)} == {"aws-workload"}


def test_the_trail_names_every_place_in_order(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "a" {\n  source = "./a"\n}\n'
            'module "s" {\n  source = "./s"\n  secret = module.a.secret\n}\n',
            "a/main.tf": 'module "b" {\n  source = "./b"\n}\n'
            'output "secret" {\n  value = module.b.s\n}\n',
            "a/b/main.tf": USER + KEY + f'output "s" {{\n  value = {SECRET}\n}}\n',
            "s/main.tf": 'variable "secret" {}\nmodule "t" {\n  source = "./t"\n'
            "  v = { inner = var.secret }\n}\n",
            "s/t/main.tf": 'variable "v" {}\nlocals {\n  x = var.v.inner\n}\n' + sink("local.x"),
        }
    )
    (leaving,) = exits(keys(project)[0].block, project)

    assert leaving.block.address == "module.s.module.t.github_actions_secret.s"
    assert [str(hop.location) for hop in leaving.reference.trail] == [
        "a/b/main.tf:8",
        "a/main.tf:5",
        "main.tf:6",
        "s/main.tf:4",
        "s/t/main.tf:3",
        "s/t/main.tf:6",
    ]
    (use,) = uses((leaving,), project)
    assert len(use.evidence) == 6
    assert use.evidence[-1].text == (
        "secret → module.s.module.t.github_actions_secret.s.plaintext_value"
    )


def test_an_output_of_a_module_is_no_exit_and_one_of_the_root_is(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "a" {\n  source = "./a"\n}\n'
            'output "o" {\n  value = module.a.keys["x"]\n}\n',
            "a/main.tf": USER
            + KEY
            + f'output "keys" {{\n  value = {{ x = {SECRET}, y = {ID} }}\n}}\n',
        }
    )

    assert found(project) == {("output.o", "value", "secret")}


def test_two_callers_of_one_module_are_two_keys(estate: Estate) -> None:
    call = 'module "a" {\n  source = "../a"\n}\n'
    project = estate(
        {
            "one/main.tf": call + sink("module.a.s"),
            "two/main.tf": call + INSTANCE % "module.a.s",
            "a/main.tf": USER + KEY + f'output "s" {{\n  value = {SECRET}\n}}\n',
        }
    )

    assert [key.block.root for key in keys(project)] == ["one", "two"]
    assert found(project, 0) == AT_SINK
    assert found(project, 1) == USER_DATA


def test_instances_are_kept_apart(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'locals {\n  users = toset(["a", "b"])\n}\n'
            'resource "aws_iam_access_key" "k" {\n  for_each = local.users\n  user = each.key\n}\n'
            'resource "github_actions_secret" "s" {\n  for_each = local.users\n'
            "  plaintext_value = aws_iam_access_key.k[each.key].secret\n}\n"
            'output "all" {\n  value = { for k, v in aws_iam_access_key.k : k => v.secret }\n}\n'
        }
    )

    for number, name in enumerate("ab"):
        assert found(project, number) == {
            (f'github_actions_secret.s["{name}"]', "plaintext_value", "secret"),
            ("output.all", f"value.{name}", "secret"),
        }


def test_a_key_inside_a_known_module(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "u" {\n  source = "cloudposse/iam-system-user/aws"\n'
            '  version = "1.2.0"\n  name = "x"\n}\n'
            + sink("module.u.secret_access_key")
            + sink("module.u.access_key_id", "i")
            + sink("module.u.user_name", "n")
        }
    )

    assert found(project) == {
        ("github_actions_secret.s", "plaintext_value", "secret"),
        ("github_actions_secret.i", "plaintext_value", "key id"),
        ("github_actions_secret.n", "plaintext_value", "other"),
    }


def test_a_long_chain_of_carriers_ends(estate: Estate) -> None:
    chain = [TEMPLATE % ("t0", SECRET)]
    chain += [
        TEMPLATE % (f"t{number}", f"data.template_file.t{number - 1}.rendered")
        for number in range(1, 40)
    ]

    project = estate("".join(chain) + INSTANCE % "data.template_file.t39.rendered")

    assert found(project) == USER_DATA


# --- expressions -----------------------------------------------------------------------------

ATTRIBUTES = {
    "id": "key id",
    "secret": "secret",
    "ses_smtp_password_v4": "SES password",
}
#: An expression with KEY.it where the attribute stands, and where in the argument it arrives.
EXPRESSIONS: dict[str, tuple[str, str]] = {
    "itself": ("KEY.it", ""),
    "in brackets": ("((KEY.it))", ""),
    "a conditional": ('var.x ? KEY.it : ""', ""),
    "a conditional that is decided": ('true ? KEY.it : "x"', ""),
    "a conditional of objects": ("(var.x ? { a = KEY.it, b = 1 } : { b = 2 }).a", ""),
    "a conditional of lists": ("(var.x ? [{ a = KEY.it }] : [])[0].a", ""),
    "a splat": ("KEY[*].it", ".0"),
    "one of a splat": ("one(KEY[*].it)", ""),
    "an attribute-only splat": ("KEY.*.it", ".0"),
    "the first of a splat": ("KEY.*.it[0]", ""),
    "as in Terraform 0.11": ('element(concat(KEY.*.it, list("")), 0)', ""),
    "join": ('join("", KEY[*].it)', ""),
    "element": ('element(["x", KEY.it], 1)', ""),
    "element of unknown index": ('element(["x", KEY.it], var.x)', ""),
    "an unknown index": ("[{ a = KEY.it }, { a = 1 }][var.x].a", ""),
    "an unknown name": ('{ a = KEY.it, b = "" }[var.x]', ""),
    "one": ("one([KEY.it])", ""),
    "try": ("try(KEY.it, null)", ""),
    "try after what may fail": ("try(var.x.y, KEY.it)", ""),
    "coalesce": ('coalesce("", KEY.it)', ""),
    "coalesce after what may be null": ("coalesce(var.x, KEY.it)", ""),
    "coalescelist": ("coalescelist([], [KEY.it])[0]", ""),
    "concat": ('concat(["x"], [KEY.it])', ".1"),
    "concat with an unknown list": ("concat(var.x, [KEY.it])", ".0"),
    "merge": ("merge({ b = 1 }, { a = KEY.it }).a", ""),
    "merge with an unknown object": ("merge(var.x, { a = KEY.it })", ".a"),
    "merge before an unknown object": ("merge({ a = KEY.it }, var.x).a", ""),
    "merge of a list": ("merge([{ b = 1 }, { a = KEY.it }]...)", ".a"),
    "merge of an unknown list": ("merge([for n in var.x : { a = KEY.it }]...).a", ""),
    "zipmap": ('zipmap(["a", "b"], ["x", KEY.it])', ".b"),
    "zipmap of unknown names": ("zipmap(var.x, [KEY.it])", ".0"),
    "format": ('format("%s:%s", "x", KEY.it)', ""),
    "formatlist": ('formatlist("x%s", [KEY.it])', ""),
    "base64encode": ("base64encode(KEY.it)", ""),
    "jsonencode": ('jsonencode({ a = [KEY.it], b = "x" })', ".a.0"),
    "yamlencode": ('yamlencode({ a = { b = KEY.it }, c = "x" })', ".a.b"),
    "jsonencode in base64encode": ("base64encode(jsonencode({ a = KEY.it }))", ""),
    "jsondecode of jsonencode": ('jsondecode(jsonencode({ a = KEY.it, b = "x" })).a', ""),
    "yamldecode of yamlencode": ('yamldecode(yamlencode({ a = KEY.it, b = "x" }))["a"]', ""),
    "sensitive": ("sensitive({ a = KEY.it }).a", ""),
    "lookup": ('lookup({ a = KEY.it }, "a", "")', ""),
    "lookup of an unknown name": ('lookup({ a = KEY.it }, var.x, "")', ""),
    "the default of lookup": ('lookup(var.x, "a", KEY.it)', ""),
    "an object": ("{ a = KEY.it }", ".a"),
    "nested objects": ("{ a = { b = [KEY.it] } }.a.b[0]", ""),
    "an object of unknown keys": ("{ (var.x) = KEY.it }", ""),
    "a template": ('"aws:${KEY.it}:x"', ""),
    "a template in a template": ('"a${"b${KEY.it}"}"', ""),
    "a heredoc": ("<<-EOT\n    s=${KEY.it}\n  EOT\n", ""),
    "a template directive": ('"%{ if var.x }${KEY.it}%{ endif }"', ""),
    "a for over a list": ("[for k in [KEY.it] : upper(k)][0]", ""),
    "a for over an object": ("{ for k, v in { a = KEY.it } : upper(k) => v }", ".A"),
    "a for over the key": ("[for k in [KEY] : k.it]", ".0"),
    "a for of unknown length": ("[for n in var.x : { name = n, a = KEY.it }]", ".0.a"),
    "an object for of unknown names": ("{ for n in var.x : n => KEY.it }", ".0"),
    "a for with an unknown condition": ("{ for k, v in { a = KEY.it } : k => v if var.x }", ".a"),
    "a for in a for": ("[for a in [[KEY]] : [for b in a : b.it]][0][0]", ""),
    "tomap": ("tomap({ a = KEY.it }).a", ""),
    "toset": ("one(toset([KEY.it]))", ""),
    "values": ("values({ a = KEY.it })[0]", ""),
    "flatten": ('flatten([["x"], [KEY.it]])[1]', ""),
    "flatten of unknown length": ("flatten([for n in var.x : [{ a = KEY.it }]])[0].a", ""),
    "slice and reverse": ('slice(reverse([KEY.it, "x"]), 1, 2)[0]', ""),
    "compact": ('compact(["", KEY.it])[0]', ""),
    "a function that is not computed": ("provider::acme::wrap(KEY.it)", ""),
}
#: Expressions that tell about the key and do not hold it.
ABOUT = (
    "length(KEY.it)",
    "sha256(KEY.it)",
    'KEY.it == "" ? 1 : 2',
    '!(KEY.it != "x")',
    "can(KEY.it)",
    'startswith(KEY.it, "x")',
    'contains(["x"], KEY.it)',
)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions(estate: Estate, name: str, attribute: str) -> None:
    expression, path = EXPRESSIONS[name]
    value = expression.replace("KEY", "aws_iam_access_key.k").replace(".it", f".{attribute}")
    line = 10 if value.startswith("<<") else 9
    project = estate(f'variable "x" {{}}\nresource "acme_robot" "r" {{\n  key = {value}\n}}\n')
    leaving = exits(keys(project)[0].block, project)

    assert [
        (item.block.address, ".".join(item.attribute), item.carries.value) for item in leaving
    ] == [("acme_robot.r", f"key{path}", ATTRIBUTES[attribute])]
    assert [str(hop.location) for hop in leaving[0].reference.trail] == [f"main.tf:{line}"]


@pytest.mark.parametrize("expression", ABOUT)
def test_what_only_tells_about_the_key_takes_nothing(estate: Estate, expression: str) -> None:
    value = expression.replace("KEY.it", SECRET)

    assert found(estate(f'resource "acme_robot" "r" {{\n  key = {value}\n}}\n')) == set()


def test_members_of_an_object_are_told_apart(estate: Estate) -> None:
    both = f"{{ i = {ID}, s = {SECRET} }}"
    for value in (
        f"(var.x ? {both} : null).i",
        f"jsondecode(jsonencode({both})).i",
        f"[for n in var.x : {both}][0].i",
        f"one(values({{ for n in var.x : n => {both} }})[*].i)",
        f"merge(var.x, {both}).i",
        f"element([{both}], var.x).i",
    ):
        project = estate(f'variable "x" {{}}\n{sink(value)}')
        assert found(project) == {("github_actions_secret.s", "plaintext_value", "key id")}, value


def test_nonsensitive_is_noted_on_the_way(estate: Estate) -> None:
    project = estate(f"locals {{\n  s = nonsensitive({SECRET})\n}}\n" + sink("local.s"))
    (use,) = uses(exits(keys(project)[0].block, project), project)

    assert [(line.text, str(line.location)) for line in use.evidence] == [
        ("secret → nonsensitive()", "main.tf:8"),
        ("secret → local.s", "main.tf:8"),
        ("secret → github_actions_secret.s.plaintext_value", "main.tf:11"),
    ]


# --- instances and modules -------------------------------------------------------------------

EACH = 'resource "aws_iam_access_key" "k" {\n  for_each = toset(["a", "b"])\n  user = each.key\n}\n'
COUNTED = 'resource "aws_iam_access_key" "k" {\n  count = 2\n  user = "u${count.index}"\n}\n'
UNKNOWN = (
    'variable "x" {}\nresource "aws_iam_access_key" "k" {\n  for_each = var.x\n'
    "  user = each.key\n}\n"
)
MODULE = (
    USER
    + KEY
    + f'output "secret" {{\n  value = {SECRET}\n}}\n'
    + f'output "pair" {{\n  value = {{ id = {ID}, secret = {SECRET} }}\n}}\n'
    + 'output "key" {\n  value = aws_iam_access_key.k\n}\n'
)


def robots(value: str, more: str = "") -> str:
    return f'resource "acme_robot" "r" {{\n{more}  key = {value}\n}}\n'


def call(rest: str, more: str = "") -> dict[str, str]:
    text = f'variable "x" {{}}\nmodule "m" {{\n  source = "./m"\n{more}}}\n'
    return {"main.tf": text + rest, "m/main.tf": MODULE}


A_B = '  for_each = toset(["a", "b"])\n'
TWO = "  count = 2\n"
ANY = "  for_each = var.x\n"
MANY = "  count = var.x\n"
OVER_KEYS = "  for_each = aws_iam_access_key.k\n"
OVER_MODULE = "  for_each = module.m\n"
TAKES = 'variable "s" {}\n'
#: Files, and per key what arrives where, which way.
INSTANCES: dict[str, tuple[dict[str, str], list[list[str]]]] = {
    "each reads its own key": (
        {"main.tf": EACH + robots("aws_iam_access_key.k[each.key].secret", A_B)},
        [
            ['acme_robot.r["a"] key secret main.tf:7'],
            ['acme_robot.r["b"] key secret main.tf:7'],
        ],
    ),
    "for_each over the keys": (
        {"main.tf": EACH + robots("each.value.secret", OVER_KEYS)},
        [
            ['acme_robot.r["a"] key secret main.tf:6 main.tf:7'],
            ['acme_robot.r["b"] key secret main.tf:6 main.tf:7'],
        ],
    ),
    "for_each over what a for makes of the keys": (
        {
            "main.tf": EACH
            + robots(
                "each.value.s",
                "  for_each = { for n, k in aws_iam_access_key.k : n => { s = k.secret } }\n",
            )
        },
        [
            ['acme_robot.r["a"] key secret main.tf:6 main.tf:7'],
            ['acme_robot.r["b"] key secret main.tf:6 main.tf:7'],
        ],
    ),
    "count.index": (
        {"main.tf": COUNTED + robots("aws_iam_access_key.k[count.index].secret", TWO)},
        [["acme_robot.r[0] key secret main.tf:7"], ["acme_robot.r[1] key secret main.tf:7"]],
    ),
    "element and count.index": (
        {
            "main.tf": COUNTED
            + robots(
                "element(aws_iam_access_key.k.*.secret, count.index)",
                "  count = length(aws_iam_access_key.k)\n",
            )
        },
        [["acme_robot.r[0] key secret main.tf:7"], ["acme_robot.r[1] key secret main.tf:7"]],
    ),
    "values of the keys": (
        {"main.tf": EACH + robots("values(aws_iam_access_key.k)[*].secret")},
        [["acme_robot.r key.0 secret main.tf:6"], ["acme_robot.r key.1 secret main.tf:6"]],
    ),
    "values and an attribute-only splat": (
        {"main.tf": EACH + robots("values(aws_iam_access_key.k).*.secret[1]")},
        [[], ["acme_robot.r key secret main.tf:6"]],
    ),
    "for_each over keys of unknown number": (
        {"main.tf": UNKNOWN + robots("each.value.secret", OVER_KEYS)},
        [["acme_robot.r key secret main.tf:7 main.tf:8"]],
    ),
    "the same unknown for_each": (
        {"main.tf": UNKNOWN + robots("aws_iam_access_key.k[each.key].secret", ANY)},
        [["acme_robot.r key secret main.tf:8"]],
    ),
    "what a for makes of keys of unknown number": (
        {
            "main.tf": UNKNOWN
            + robots("{ for n, k in aws_iam_access_key.k : n => { i = k.id, s = k.secret } }")
        },
        [["acme_robot.r key.0.i key id main.tf:7", "acme_robot.r key.0.s secret main.tf:7"]],
    ),
    "values of keys of unknown number": (
        {"main.tf": UNKNOWN + robots("values(aws_iam_access_key.k)[*].secret")},
        [["acme_robot.r key.0 secret main.tf:7"]],
    ),
    "an output": (
        call(robots("module.m.secret")),
        [["acme_robot.r key secret m/main.tf:8 main.tf:6"]],
    ),
    "a member of an output": (
        call(robots("module.m.pair.id")),
        [["acme_robot.r key key id m/main.tf:11 main.tf:6"]],
    ),
    "an output that is the key": (
        call(robots("module.m.key.secret")),
        [["acme_robot.r key secret m/main.tf:14 main.tf:6"]],
    ),
    "the whole module": (
        call("locals {\n  m = module.m\n}\n" + robots("local.m.pair.secret")),
        [["acme_robot.r key secret m/main.tf:11 main.tf:6 main.tf:9"]],
    ),
    "one instance of a module": (
        call(robots('module.m["a"].secret'), A_B),
        [["acme_robot.r key secret m/main.tf:8 main.tf:7"], []],
    ),
    "one of two counted modules": (
        call(robots("module.m[1].pair.secret"), TWO),
        [[], ["acme_robot.r key secret m/main.tf:11 main.tf:7"]],
    ),
    "counted modules as in Terraform 0.11": (
        call(robots("module.m.1.secret"), TWO),
        [[], ["acme_robot.r key secret m/main.tf:8 main.tf:7"]],
    ),
    "a splat over counted modules": (
        call(robots("module.m[*].secret"), TWO),
        [
            ["acme_robot.r key.0 secret m/main.tf:8 main.tf:7"],
            ["acme_robot.r key.1 secret m/main.tf:8 main.tf:7"],
        ],
    ),
    "values of modules": (
        call(robots("values(module.m)[*].pair.secret"), A_B),
        [
            ["acme_robot.r key.0 secret m/main.tf:11 main.tf:7"],
            ["acme_robot.r key.1 secret m/main.tf:11 main.tf:7"],
        ],
    ),
    "a for over modules": (
        call(robots("{ for n, m in module.m : n => m.secret }"), A_B),
        [
            ["acme_robot.r key.a secret m/main.tf:8 main.tf:7"],
            ["acme_robot.r key.b secret m/main.tf:8 main.tf:7"],
        ],
    ),
    "for_each over modules": (
        call(robots("each.value.secret", OVER_MODULE), A_B),
        [
            ['acme_robot.r["a"] key secret m/main.tf:8 main.tf:7 main.tf:8'],
            ['acme_robot.r["b"] key secret m/main.tf:8 main.tf:7 main.tf:8'],
        ],
    ),
    "one of modules of unknown number": (
        call(robots('module.m["a"].pair.id'), ANY),
        [["acme_robot.r key key id m/main.tf:11 main.tf:7"]],
    ),
    "one of counted modules of unknown number": (
        call(robots('try(module.m[0].secret, "")'), MANY),
        [["acme_robot.r key secret m/main.tf:8 main.tf:7"]],
    ),
    "a splat over modules of unknown number": (
        call(robots("one(module.m[*].pair).secret"), MANY),
        [["acme_robot.r key secret m/main.tf:11 main.tf:7"]],
    ),
    "values of modules of unknown number": (
        call(robots("values(module.m)[*].secret"), ANY),
        [["acme_robot.r key.0 secret m/main.tf:8 main.tf:7"]],
    ),
    "for_each over modules of unknown number": (
        call(robots("each.value.pair.secret", OVER_MODULE), ANY),
        [["acme_robot.r key secret m/main.tf:11 main.tf:7 main.tf:8"]],
    ),
    "each into its own module": (
        {
            "main.tf": EACH
            + f'module "m" {{\n{OVER_KEYS}  source = "./m"\n  s = each.value.secret\n}}\n',
            "m/main.tf": TAKES + robots("var.s"),
        },
        [
            ['module.m["a"].acme_robot.r key secret main.tf:6 main.tf:8 m/main.tf:3'],
            ['module.m["b"].acme_robot.r key secret main.tf:6 main.tf:8 m/main.tf:3'],
        ],
    ),
    "all keys into one module": (
        {
            "main.tf": EACH + 'module "m" {\n  source = "./m"\n  s = aws_iam_access_key.k\n}\n',
            "m/main.tf": TAKES + robots("each.value.secret", "  for_each = var.s\n"),
        },
        [
            ['module.m.acme_robot.r["a"] key secret main.tf:7 m/main.tf:3 m/main.tf:4'],
            ['module.m.acme_robot.r["b"] key secret main.tf:7 m/main.tf:3 m/main.tf:4'],
        ],
    ),
    "in and out of a module": (
        {
            "main.tf": USER
            + KEY
            + f'module "m" {{\n  source = "./m"\n  s = {SECRET}\n}}\n'
            + robots("module.m.out"),
            "m/main.tf": TAKES + 'output "out" {\n  value = base64encode(var.s)\n}\n',
        },
        [["acme_robot.r key secret main.tf:9 m/main.tf:3 main.tf:12"]],
    ),
    "each into a module that is elsewhere": (
        {
            "main.tf": EACH
            + f'module "m" {{\n{OVER_KEYS}  source = "acme/x/aws"\n  s = each.value.secret\n}}\n'
        },
        [
            ['module.m["a"] s secret main.tf:6 main.tf:8'],
            ['module.m["b"] s secret main.tf:6 main.tf:8'],
        ],
    ),
}


@pytest.mark.parametrize("name", INSTANCES)
def test_instances(estate: Estate, name: str) -> None:
    files, wanted = INSTANCES[name]
    project = estate(files)

    assert [ways(project, key.block) for key in sorted_keys(project)] == wanted


def sorted_keys(project: Project) -> list[Key]:
    return sorted(keys(project), key=lambda key: key.block.address)


def ways(project: Project, key: Block) -> list[str]:
    """Every exit as one line: where, what and which way."""
    return [
        " ".join(
            (
                item.block.address,
                ".".join(item.attribute),
                item.carries.value,
                *(str(hop.location) for hop in item.reference.trail),
            )
        )
        for item in exits(key, project)
    ]


# --- places ----------------------------------------------------------------------------------

SCRIPT = '#!/bin/sh\necho ${i}\n%{ if s != "" }\necho ${s}\n%{ endif }\n'
PAIR = f"{{ i = {ID}, s = {SECRET} }}"


def block(head: str, *lines: str) -> str:
    return f"{head} {{\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


#: The code behind the key (which ends in line 6) and every exit.
PLACES: dict[str, tuple[str, list[str]]] = {
    "templatefile": (
        INSTANCE % f'templatefile("t.sh", {PAIR})',
        [
            "aws_instance.i user_data key id main.tf:8 t.sh:2 main.tf:8",
            "aws_instance.i user_data secret main.tf:8 t.sh:4 main.tf:8",
        ],
    ),
    "templatefile with more variables": (
        'variable "x" {}\n' + INSTANCE % f'templatefile("t.sh", merge(var.x, {{ s = {SECRET} }}))',
        ["aws_instance.i user_data secret main.tf:9 t.sh:4 main.tf:9"],
    ),
    "templatefile that leaves one out": (
        INSTANCE % f'templatefile("id.sh", {PAIR})',
        ["aws_instance.i user_data key id main.tf:8 id.sh:1 main.tf:8"],
    ),
    "templatefile outside of the tree": (
        INSTANCE % f'templatefile("../t.sh", {{ s = {SECRET} }})',
        ["aws_instance.i user_data secret main.tf:8"],
    ),
    "templatefile of unknown name": (
        'variable "x" {}\n' + INSTANCE % f"templatefile(var.x, {{ s = {SECRET} }})",
        ["aws_instance.i user_data secret main.tf:9"],
    ),
    "template_file": (
        block('data "template_file" "t"', 'template = file("t.sh")', f"vars = {PAIR}")
        + INSTANCE % "data.template_file.t.rendered",
        [
            "aws_instance.i user_data key id main.tf:9 main.tf:12",
            "aws_instance.i user_data secret main.tf:9 main.tf:12",
        ],
    ),
    "template_file with a block of variables": (
        block('data "template_file" "t"', "vars {", f'  s = "${{{SECRET}}}"', "}")
        + INSTANCE % '"${data.template_file.t.rendered}"',
        ["aws_instance.i user_data secret main.tf:9 main.tf:13"],
    ),
    "template_file into cloudinit_config": (
        TEMPLATE % ("t", SECRET)
        + block(
            'data "cloudinit_config" "c"',
            "part {",
            "  content = data.template_file.t.rendered",
            "}",
        )
        + INSTANCE % "base64gzip(data.cloudinit_config.c.rendered)",
        ["aws_instance.i user_data secret main.tf:9 main.tf:13 main.tf:17"],
    ),
    "template_cloudinit_config": (
        block(
            'data "template_cloudinit_config" "c"',
            'dynamic "part" {',
            f"  for_each = [{SECRET}]",
            "  content {",
            "    content = part.value",
            "  }",
            "}",
        )
        + INSTANCE % "data.template_cloudinit_config.c.rendered",
        ["aws_instance.i user_data secret main.tf:9 main.tf:11 main.tf:16"],
    ),
    "one member of a carrier": (
        block('resource "terraform_data" "t"', f"input = {PAIR}")
        + INSTANCE % "terraform_data.t.output.i",
        [
            "aws_instance.i user_data key id main.tf:8 main.tf:11",
            "terraform_data.t input.s secret main.tf:8",
        ],
    ),
    "the whole of a carrier": (
        block('data "null_data_source" "n"', f"inputs = {PAIR}")
        + INSTANCE % "jsonencode(data.null_data_source.n.outputs)",
        [
            "aws_instance.i user_data key id main.tf:8 main.tf:11",
            "aws_instance.i user_data secret main.tf:8 main.tf:11",
        ],
    ),
    "a carrier that nobody reads": (
        block('resource "null_resource" "n"', f"triggers = {PAIR}"),
        [
            "null_resource.n triggers.i key id main.tf:8",
            "null_resource.n triggers.s secret main.tf:8",
        ],
    ),
    "a trigger that is a hash": (
        block('resource "null_resource" "n"', f"triggers = {{ s = sha256({SECRET}) }}"),
        [],
    ),
    "local-exec": (
        block(
            'resource "null_resource" "n"',
            'provisioner "local-exec" {',
            f'  command     = "put ${{{SECRET}}}"',
            f"  environment = {PAIR}",
            f'  interpreter = ["sh", {SECRET}]',
            "}",
        ),
        [
            "null_resource.n provisioner.0.local-exec.command secret main.tf:9",
            "null_resource.n provisioner.0.local-exec.environment.i key id main.tf:10",
            "null_resource.n provisioner.0.local-exec.environment.s secret main.tf:10",
            "null_resource.n provisioner.0.local-exec.interpreter.1 secret main.tf:11",
        ],
    ),
    "remote-exec, file and connection": (
        block(
            'resource "aws_instance" "i"',
            'provisioner "remote-exec" {',
            f'  inline = ["a", "b ${{{SECRET}}}"]',
            "}",
            'provisioner "file" {',
            f"  content = {SECRET}",
            "  connection {",
            f"    password = {SECRET}",
            "  }",
            "}",
            "connection {",
            f"  private_key = {SECRET}",
            "}",
        ),
        [
            "aws_instance.i provisioner.0.remote-exec.inline.1 secret main.tf:9",
            "aws_instance.i provisioner.1.file.content secret main.tf:12",
            "aws_instance.i provisioner.1.file.connection.0.password secret main.tf:14",
            "aws_instance.i connection.0.private_key secret main.tf:18",
        ],
    ),
    "self of the resource": (
        block(
            'resource "null_resource" "n"',
            f"triggers = {{ s = {SECRET} }}",
            'provisioner "local-exec" {',
            '  command = "put ${self.triggers.s}"',
            "}",
        ),
        ["null_resource.n provisioner.0.local-exec.command secret main.tf:8 main.tf:10"],
    ),
    "a dynamic block": (
        block(
            'resource "acme_robot" "r"',
            'dynamic "setting" {',
            f"  for_each = {PAIR}",
            "  iterator = it",
            "  content {",
            "    name  = it.key",
            "    value = it.value",
            "  }",
            "}",
        ),
        [
            "acme_robot.r setting.0.value key id main.tf:9 main.tf:13",
            "acme_robot.r setting.1.value secret main.tf:9 main.tf:13",
        ],
    ),
    "dynamic blocks of unknown number": (
        block(
            'resource "acme_robot" "r"',
            'dynamic "setting" {',
            f"  for_each = [for n in var.x : {{ name = n, s = {SECRET} }}]",
            "  content {",
            "    value = setting.value.s",
            "  }",
            "}",
        )
        + 'variable "x" {}\n',
        ["acme_robot.r setting.0.value secret main.tf:9 main.tf:11"],
    ),
    "a dynamic block inside a block": (
        block(
            'resource "acme_robot" "r"',
            "a {",
            '  dynamic "b" {',
            f"    for_each = [{SECRET}]",
            "    content {",
            "      value = b.value",
            "    }",
            "  }",
            "}",
        ),
        ["acme_robot.r a.0.b.0.value secret main.tf:10 main.tf:12"],
    ),
    "a write-only argument": (
        block('resource "aws_secretsmanager_secret_version" "v"', f"secret_string_wo = {SECRET}"),
        ["aws_secretsmanager_secret_version.v secret_string_wo secret main.tf:8"],
    ),
    "an ephemeral block": (
        block('ephemeral "acme_token" "t"', f"from = {SECRET}"),
        ["ephemeral.acme_token.t from secret main.tf:8"],
    ),
    "an action": (
        block('action "aws_lambda_invoke" "a"', "config {", f"  payload = {SECRET}", "}"),
        ["action.aws_lambda_invoke.a config.0.payload secret main.tf:9"],
    ),
    "a check and a precondition": (
        block('check "c"', "assert {", f'  condition = "${{{SECRET}}}" != ""', "}")
        + block(
            'output "o"', "value = 1", "precondition {", f'  error_message = "${{{SECRET}}}"', "}"
        ),
        [],
    ),
    "a remote module": (
        block('module "m"', 'source = "git::https://example.com/x.git"', f"env = {PAIR}"),
        ["module.m env.i key id main.tf:9", "module.m env.s secret main.tf:9"],
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_places(estate: Estate, name: str) -> None:
    text, wanted = PLACES[name]
    project = estate({"main.tf": USER + KEY + text, "t.sh": SCRIPT, "id.sh": "echo ${i}\n"})

    assert ways(project, keys(project)[0].block) == wanted


def test_the_provisioner_of_the_key_itself(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": block(
                'resource "aws_iam_access_key" "k"',
                'user = "u"',
                'provisioner "local-exec" {',
                '  command = "put ${self.secret}"',
                "}",
            )
        }
    )

    assert ways(project, keys(project)[0].block) == [
        "aws_iam_access_key.k provisioner.0.local-exec.command secret main.tf:4"
    ]


def test_the_source_of_a_remote_module_is_evidence(estate: Estate) -> None:
    project = estate(PLACES["a remote module"][0])
    (use,) = uses(exits(keys(project)[0].block, project), project)

    assert (use.consumer.attribute, use.consumer.category) == ("env.s", "unknown")
    assert [line.text for line in use.evidence] == [
        "secret → module.m.env.s",
        "the code of module.m (git::https://example.com/x.git) is not in the tree",
    ]
