"""What people write around IAM, in small trees: values, instances, modules and providers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rolefirst.loaders.hcl.modules import MAX_DEPTH, MAX_NESTING
from rolefirst.project import Block, Carries, Value

Local = Callable[..., Value]
Make = Callable[..., Any]

KEY = '\nresource "aws_iam_access_key" "key" {\n  user = "ci"\n}\n'


# --- locals and variables --------------------------------------------------------------------


def test_locals_refer_to_locals(local: Local) -> None:
    more = 'locals {\n  a = upper(local.b)\n}\nlocals {\n  b = "c"\n}\n'
    assert local('"${local.a}-x"', more).text == "C-x"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("local.x", "local.x refers to itself"),
        ("local.y", "refers to itself"),
        ("[for a in local.x : a]", "local.x refers to itself"),
        ("local.missing", "local.missing is not declared"),
        ("var.missing", "var.missing is not declared"),
        ("var.open", "var.open has no default"),
        ("aws_iam_user.missing.name", "aws_iam_user.missing is not declared here"),
        ("module.missing.a", "module.missing is not declared here"),
        ("data.aws_region.missing.name", "aws_region.missing is not declared here"),
        ("terraform.workspace", "known when Terraform runs"),
        ("each.value", "each.value is not known here"),
        ("timestamp()", "timestamp() is not computed here"),
    ],
)
def test_unknown_with_a_reason(local: Local, expression: str, reason: str) -> None:
    value = local(expression, 'locals {\n  y = local.x\n}\nvariable "open" {}\n')
    assert value.unknown
    assert reason in value.why


def test_long_chains_of_locals_end(estate: Make) -> None:
    links = "".join(f"  a{n} = local.a{n + 1}\n" for n in range(3_000))
    tree = estate(f"locals {{\n{links}  a3000 = 1\n}}\n{KEY}")
    assert "chain" in tree.local("a0").why
    assert tree.local(f"a{3000 - MAX_DEPTH + 2}").data == 1


def test_variables(estate: Make) -> None:
    tree = estate(
        """
        variable "text" { default = "a" }
        variable "null" { default = null }
        variable "object" {
          type    = map(string)
          default = { Owner = "team" }
        }
        locals {
          text   = var.text
          null   = var.null
          object = merge({ Name = "x" }, var.object)
        }
        """
        + KEY
    )
    assert tree.local("text").text == "a"
    assert tree.local("null").absent
    assert tree.local("object").plain() == {"Name": "x", "Owner": "team"}


def test_paths(estate: Make) -> None:
    text = (
        'locals {\n  m = file("${path.module}/a.txt")\n  r = file("${path.root}/b.txt")\n}\n' + KEY
    )
    tree = estate(
        {
            "envs/prod/main.tf": 'module "m" {\n  source = "../../modules/m"\n}\n' + KEY,
            "envs/prod/b.txt": "root",
            "modules/m/main.tf": text,
            "modules/m/a.txt": "module",
        }
    )
    assert tree.local("m", "modules/m").text == "module"
    assert tree.local("r", "modules/m").text == "root"


# --- files -----------------------------------------------------------------------------------


def test_file_and_templatefile(local: Local) -> None:
    files = {"p.json": '{"a": "b"}', "t.tpl": "user ${name}: $${x}\n${ upper(name) }"}
    assert local('jsondecode(file("p.json")).a', files=files).text == "b"
    value = local('templatefile("${path.module}/t.tpl", { name = "ci" })', files=files)
    assert value.text == "user ci: ${x}\nCI"


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "link.txt", "no.txt", "a", "a\\u0000b"],
)
def test_files_outside_of_the_tree_are_not_read(tmp_path: Path, load_tree: Make, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "tree" / "a").mkdir(parents=True)
    (tmp_path / "tree" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "tree" / "main.tf").write_text(f'locals {{\n  x = file("{name}")\n}}\n{KEY}')
    value = load_tree(tmp_path / "tree").local("x")
    assert value.why == "the file is not in the scanned tree"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("a\n${", "t.tpl:2 cannot be parsed"),
        ("a\n${ 1 + }", "t.tpl:2 cannot be parsed as a template"),
        ('${templatefile("t.tpl", {})}${templatefile("t.tpl", {})}', "another template"),
        ("x" * 1_000_001, "too large"),
    ],
    ids=["unclosed", "bad", "itself", "large"],
)
def test_templates_that_are_no_good(local: Local, template: str, reason: str) -> None:
    value = local('templatefile("t.tpl", {})', files={"t.tpl": template})
    assert reason in value.why


def test_the_trail_leads_through_a_template_file(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": 'locals {\n  x = templatefile("t.tpl", { k = aws_iam_access_key.key })\n}\n'
            + KEY,
            "t.tpl": "first\nsecret: ${k.secret}\n",
        }
    )
    [reference] = [r for _, r in tree.local("x").deep_references()]
    assert reference.carries is Carries.SECRET
    assert [(str(hop.location), hop.label) for hop in reference.trail] == [
        ("main.tf:2", "local.x"),
        ("t.tpl:2", "t.tpl"),
        ("main.tf:2", "local.x"),
    ]


# --- references and their trails -------------------------------------------------------------


def trails(value: Value) -> list[tuple[str, list[tuple[int, int]]]]:
    return [
        (
            f"{r.target.address}.{r.attribute}",
            [(h.location.line, h.location.column) for h in r.trail],
        )
        for _, r in value.deep_references()
    ]


def test_hops_in_heredocs_are_exact(estate: Make) -> None:
    text = """\
locals {
  é = "ü"
  x = jsonencode(<<-EOT
      first ${local.é}
      ${ true ? aws_iam_access_key.key.secret : "" }
        ${upper(
          aws_iam_access_key.key.id
        )}
    EOT
  )
}
"""
    for newline in ("\n", "\r\n"):
        for bom in ("", "\ufeff"):
            tree = estate((bom + (text + KEY).replace("\n", newline)).replace("local.é", "1"))
            assert trails(tree.local("x")) == [
                ("aws_iam_access_key.key.secret", [(5, 17)]),
                ("aws_iam_access_key.key.id", [(7, 11)]),
            ]


@pytest.mark.parametrize(
    "expression",
    [
        "aws_iam_access_key.key.secret",
        'aws_iam_access_key.key["secret"]',
        "aws_iam_access_key.key.*.secret[0]",
        "aws_iam_access_key.key[*].secret",
        "aws_iam_access_key.counted[0].secret",
        "aws_iam_access_key.counted.0.secret",
        "aws_iam_access_key.counted.*.secret[0]",
        "aws_iam_access_key.counted[*].secret[0]",
        "one(aws_iam_access_key.counted[*].secret)",
        'join("", aws_iam_access_key.counted.*.secret)',
        'element(concat(aws_iam_access_key.counted.*.secret, [""]), 0)',
        'try(aws_iam_access_key.counted[0].secret, "")',
        "[for k in aws_iam_access_key.counted : k.secret]",
        "aws_iam_access_key.maybe[0].secret",
        "aws_iam_access_key.maybe.*.secret[0]",
        "aws_iam_access_key.maybe[*].secret[0]",
        "one(aws_iam_access_key.maybe[*].secret)",
        "[for k in aws_iam_access_key.maybe : k.secret][0]",
        "{ for n, k in aws_iam_access_key.each : n => k.secret }",
        'aws_iam_access_key.each["a"].secret',
        "values(aws_iam_access_key.each)[0].secret",
        "values(aws_iam_access_key.each)[*].secret",
        'aws_iam_access_key.open["ci"].secret',
        'aws_iam_access_key.open["my-ci"].secret',
        "aws_iam_access_key.open[var.open].secret",
        "{ for n, k in aws_iam_access_key.open : n => k.secret }",
        "aws_iam_access_key.key.secret == var.open ? 1 : aws_iam_access_key.key.secret",
        'var.open ? aws_iam_access_key.key.secret : ""',
        'base64encode("x ${aws_iam_access_key.key.secret}")',
        "jsonencode({ a = [{ b = aws_iam_access_key.key.secret }] })",
        "<<EOT\n${aws_iam_access_key.key.secret}\nEOT\n",
        "nosuch(aws_iam_access_key.key.secret)",
        'merge(var.open, { a = aws_iam_access_key.key.secret })["a"]',
        "flatten([[aws_iam_access_key.key.secret]])",
        'lookup({ a = aws_iam_access_key.key.secret }, "a")',
        'zipmap(["a"], [aws_iam_access_key.key.secret])',
        'format("%s", aws_iam_access_key.key.secret)',
        "sensitive(aws_iam_access_key.key.secret)",
        "{ a = aws_iam_access_key.key }.a.secret",
        '"%{ if true }${aws_iam_access_key.key.secret}%{ endif }"',
    ],
)
def test_the_secret_is_followed(local: Local, expression: str) -> None:
    more = """
    variable "open" {}
    resource "aws_iam_access_key" "counted" {
      count = 1
    }
    resource "aws_iam_access_key" "maybe" {
      count = var.open ? 1 : 0
    }
    resource "aws_iam_access_key" "each" {
      for_each = toset(["a"])
    }
    resource "aws_iam_access_key" "open" {
      for_each = var.open
    }
    """
    carried = {r.carries for _, r in local(expression, more).deep_references()}
    assert Carries.SECRET in carried


def test_written_arguments_of_a_resource_are_known(local: Local) -> None:
    more = 'resource "aws_iam_user" "u" {\n  name = "ci"\n  tags = { Owner = "me" }\n}\n'
    value = local("aws_iam_user.u.name", more)
    assert value.text == "ci"
    assert [r.attribute for r in value.references] == ["name"]
    assert local("aws_iam_user.u.tags.Owner", more).text == "me"
    assert local("aws_iam_user.u.arn", more).why == "aws_iam_user.u is known after apply"


def test_resources_in_a_circle(estate: Make) -> None:
    tree = estate(
        """
        resource "aws_iam_user" "a" {
          name = aws_iam_user.b.name
          path = "/${aws_iam_user.a.path}"
        }
        resource "aws_iam_user" "b" {
          name = "${aws_iam_user.a.name}${aws_iam_user.a.name}"
        }
        """
    )
    assert "refers to itself" in tree.block("aws_iam_user.a")["name"].why
    assert "refers to itself" in tree.block("aws_iam_user.a")["path"].why


def test_long_chains_of_resources_end(estate: Make) -> None:
    tree = estate(
        "".join(
            f'resource "aws_iam_user" "u{n}" {{\n  name = aws_iam_user.u{n + 1}.name\n}}\n'
            for n in range(2_000)
        )
    )
    assert tree.block("aws_iam_user.u0")["name"].unknown


# --- count, for_each, dynamic ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "addresses"),
    [
        ("", ["k"]),
        ("count = 0", []),
        ("count = 1", ["k[0]"]),
        ("count = 2", ["k[0]", "k[1]"]),
        ('count = "1"', ["k[0]"]),
        ("count = 4 / 2", ["k[0]", "k[1]"]),
        ("count = false ? 1 : 0", []),
        ("count = var.off ? 1 : 0", []),
        ("count = length(local.names)", ["k[0]", "k[1]"]),
        ("count = length(aws_iam_access_key.key)", ["k"]),
        ("count = 0 - 1", []),
        ("for_each = {}", []),
        ("for_each = toset([])", []),
        ("for_each = { b = 1, a = 2 }", ['k["a"]', 'k["b"]']),
        ('for_each = toset(["a", "b", "a"])', ['k["a"]', 'k["b"]']),
        ("for_each = toset(local.names)", ['k["x"]', 'k["y"]']),
        ('for_each = { for n in local.names : "u-${n}" => n }', ['k["u-x"]', 'k["u-y"]']),
        ("for_each = aws_iam_access_key.all", ['k["a"]']),
    ],
)
def test_instances(estate: Make, meta: str, addresses: list[str]) -> None:
    tree = estate(
        f'resource "aws_iam_access_key" "k" {{\n  {meta}\n}}\n'
        'variable "off" {\n  default = false\n}\n'
        'locals {\n  names = ["x", "y"]\n}\n'
        'resource "aws_iam_access_key" "all" {\n  for_each = toset(["a"])\n}\n' + KEY
    )
    found = [a.removeprefix("aws_iam_access_key.") for a in tree.key_addresses()]
    assert [a for a in found if a.startswith("k") and a != "key"] == addresses


@pytest.mark.parametrize(
    ("meta", "doubt"),
    [
        ("count = var.open", "var.open has no default"),
        ("count = var.open ? 1 : 0", "var.open has no default"),
        ("count = 1000", "count is too large to follow"),
        ("count = [1]", "count is not a number"),
        ("count = null", "count is not a number"),
        ("for_each = var.open", "var.open has no default"),
        ("for_each = toset([var.open])", "var.open has no default"),
        ('for_each = "a"', "for_each is not a map or set"),
        ("for_each = toset(range(1000))", "for_each is too large to follow"),
        ("for_each = toset([[1]])", "for_each is not a set of strings"),
    ],
)
def test_unknown_number(estate: Make, meta: str, doubt: str) -> None:
    tree = estate(
        f"""
        resource "aws_iam_access_key" "k" {{
          {meta}
          user = "u-${{each.key}}"
        }}
        variable "open" {{}}
        """
    )
    [block] = tree.project.resources("aws_iam_access_key")
    assert block.address == "aws_iam_access_key.k"
    assert doubt in block.doubt
    assert block["user"].unknown


def test_each_and_count(estate: Make) -> None:
    tree = estate(
        """
        resource "aws_iam_access_key" "e" {
          for_each = { a = { u = "x" } }
          user     = "${each.key}-${each.value.u}"
        }
        resource "aws_iam_access_key" "c" {
          count = 2
          user  = "u${count.index}"
        }
        resource "aws_iam_access_key" "r" {
          for_each = aws_iam_access_key.e
          user     = each.value.user
        }
        """
    )
    keys = tree.project.resources("aws_iam_access_key")
    users = {block.address: block["user"].text for block in keys}
    assert users == {
        'aws_iam_access_key.e["a"]': "a-x",
        "aws_iam_access_key.c[0]": "u0",
        "aws_iam_access_key.c[1]": "u1",
        'aws_iam_access_key.r["a"]': "a-x",
    }


def test_dynamic_blocks(estate: Make) -> None:
    tree = estate(
        """
        variable "open" {}
        data "aws_iam_policy_document" "d" {
          statement {
            sid = "first"
          }
          dynamic "statement" {
            for_each = ["a", "b"]
            content {
              sid = statement.value
              dynamic "condition" {
                for_each = { x = 1 }
                iterator = it
                content {
                  test   = it.key
                  values = [statement.key, it.value]
                }
              }
            }
          }
          dynamic "open" {
            for_each = var.open
            content {
              sid = open.value
            }
          }
          dynamic "none" {
            for_each = []
            content {}
          }
        }
        """
        + KEY
    )
    block = tree.block("data.aws_iam_policy_document.d")
    sids = [block.get("statement", n, "sid").text for n in range(len(block["statement"].data))]
    assert sids in (["first"], ["first", "a", "b"])
    assert sids == ["first", "a", "b"]
    assert block.get("statement", 2, "condition", 0).plain() == {"test": "x", "values": [1, 1]}
    assert block.get("open", 0, "sid").unknown
    assert block["none"].plain() == []
    assert list(block.names()) == ["statement", "open", "none"]
    assert block.at("open").line == 21


# --- modules ---------------------------------------------------------------------------------

LIBRARY = """
variable "user" {}
variable "create" {
  default = true
}
variable "path" {
  default = "/"
}
variable "strict" {
  default  = "kept"
  nullable = false
}
resource "aws_iam_access_key" "this" {
  count = var.create ? 1 : 0
  user  = "${var.path}${var.user}"
}
output "secret" {
  value = try(aws_iam_access_key.this[0].secret, null)
}
output "strict" {
  value = var.strict
}
"""


def test_modules_per_call_site(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": """
            module "one" {
              source = "./modules/key"
              user   = "a"
            }
            module "two" {
              source = "./modules/key/"
              user   = aws_iam_user.u.name
              path   = null
              strict = null
            }
            module "off" {
              source = "./modules/key"
              user   = "c"
              create = false
            }
            module "many" {
              source   = "./modules/key"
              for_each = toset(["x", "y"])
              user     = each.key
            }
            module "none" {
              source = "./modules/key"
              count  = 0
              user   = "d"
            }
            resource "aws_iam_user" "u" {
              name = "b"
            }
            locals {
              one    = module.one.secret
              many   = module.many["x"].secret
              all    = [for m in module.many : m.secret]
              strict = module.two.strict
              none   = module.none[*].secret
              wrong  = module.one.nothing
            }
            """,
            "modules/key/main.tf": LIBRARY,
        }
    )
    keys = {b.address: b for b in tree.project.resources("aws_iam_access_key")}
    assert {address: block["user"].text for address, block in keys.items()} == {
        "module.one.aws_iam_access_key.this[0]": "/a",
        "module.two.aws_iam_access_key.this[0]": "b",
        'module.many["x"].aws_iam_access_key.this[0]': "/x",
        'module.many["y"].aws_iam_access_key.this[0]': "/y",
    }
    one = keys["module.one.aws_iam_access_key.this[0]"]
    assert str(one.location) == "modules/key/main.tf:13"
    assert [str(site.location) for site in one.call_chain] == ["main.tf:2"]
    assert [r.target.address for r in tree.local("one").references] == [one.address]
    [reference] = tree.local("many").references
    assert reference.target.address == 'module.many["x"].aws_iam_access_key.this[0]'
    assert reference.carries is Carries.SECRET
    assert len(list(tree.local("all").deep_references())) == 2
    assert tree.local("strict").text == "kept"
    assert tree.local("none").plain() == []
    assert tree.local("wrong").why == "the module has no output nothing"
    assert tree.errors == []


def test_a_module_that_is_never_called_makes_no_key(estate: Make) -> None:
    call = 'module "m" {\n  source = "./a"\n  count = 0\n}\nresource "aws_iam_user" "u" {}\n'
    tree = estate(
        {
            "main.tf": call,
            "a/main.tf": 'module "b" {\n  source = "../b"\n}\n' + KEY,
            "b/main.tf": KEY,
        }
    )
    assert tree.key_addresses() == []


def test_a_module_that_only_seems_to_be_called_is_a_root(estate: Make) -> None:
    tree = estate({"main.tf": '# source = "./a"\nlocals {}\n', "a/main.tf": KEY})
    assert tree.key_addresses() == ["aws_iam_access_key.key"]


VARIABLE = 'variable "v" {}\n'
LIBRARIES = {
    "a required variable": ({"main.tf": VARIABLE + KEY}, ".", True),
    "a folder called modules": ({"x/modules/y/main.tf": KEY}, "x/modules/y", True),
    "a folder that is called alike": ({"x/modules-y/main.tf": KEY}, "x/modules-y", False),
    "nothing that a caller has to give": ({"main.tf": KEY}, ".", False),
    "a default": ({"main.tf": 'variable "v" {\n  default = 1\n}\n' + KEY}, ".", False),
    "a default that is null": (
        {"main.tf": 'variable "v" {\n  default = null\n}\n' + KEY},
        ".",
        False,
    ),
    "a value in a file": (
        {"main.tf": VARIABLE + KEY, "terraform.tfvars": "v = 1\n"},
        ".",
        False,
    ),
    "a value in a file for one stage": (
        {"main.tf": VARIABLE + KEY, "prod.tfvars": "v = 1\n"},
        ".",
        True,
    ),
    "a provider": ({"main.tf": VARIABLE + KEY + 'provider "aws" {}\n'}, ".", False),
    "a backend": (
        {"main.tf": VARIABLE + KEY, "b.tf": 'terraform {\n  backend "s3" {}\n}\n'},
        ".",
        False,
    ),
    "a workspace in the cloud": (
        {"main.tf": VARIABLE + KEY, "b.tf": "terraform {\n  cloud {}\n}\n"},
        ".",
        False,
    ),
    "versions alone": (
        {"main.tf": VARIABLE + KEY, "b.tf": 'terraform {\n  required_version = "1"\n}\n'},
        ".",
        True,
    ),
}


@pytest.mark.parametrize("case", LIBRARIES)
def test_what_looks_like_a_library(estate: Make, case: str) -> None:
    files, root, library = LIBRARIES[case]

    assert estate(files).project.is_library(root) is library


def test_nested_modules(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": """
            module "a" {
              source = "./a"
              n      = "x"
            }
            output "s" {
              value = module.a.s
            }
            """,
            "a/main.tf": """
            variable "n" {}
            module "b" {
              source = "../b"
              n      = "${var.n}y"
            }
            output "s" {
              value = module.b.s
            }
            """,
            "b/main.tf": """
            variable "n" {}
            resource "aws_iam_access_key" "k" {
              user = var.n
            }
            output "s" {
              value = aws_iam_access_key.k.secret
            }
            """,
        }
    )
    [key] = tree.project.resources("aws_iam_access_key")
    assert key.address == "module.a.module.b.aws_iam_access_key.k"
    assert key["user"].text == "xy"
    assert [site.address for site in key.call_chain] == ["module.a", "module.a.module.b"]
    [reference] = tree.block("output.s")["value"].references
    assert reference.target is key
    places = [str(hop.location) for hop in reference.trail]
    assert places == ["b/main.tf:7", "a/main.tf:8", "main.tf:7"]


def test_modules_in_a_circle(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": 'module "a" {\n  source = "./a"\n}\n',
            "a/main.tf": "".join(f'module "{m}" {{\n  source = "../b"\n}}\n' for m in ("b1", "b2"))
            + KEY,
            "b/main.tf": 'module "a" {\n  source = "../a"\n}\n' + KEY,
        }
    )
    assert tree.key_addresses() == [
        "module.a.aws_iam_access_key.key",
        "module.a.module.b1.aws_iam_access_key.key",
        "module.a.module.b2.aws_iam_access_key.key",
    ]
    assert tree.errors == [
        ("b/main.tf", 1, "module.a calls a module that it is part of, not read again")
    ]


def test_a_circle_without_a_root_is_read(estate: Make) -> None:
    tree = estate(
        {
            "a/main.tf": 'module "b" {\n  source = "../b"\n}\n' + KEY,
            "b/main.tf": 'module "a" {\n  source = "../a"\n}\n' + KEY,
        }
    )
    assert "aws_iam_access_key.key" in tree.key_addresses()
    assert tree.errors


def test_deep_modules_are_reported(estate: Make) -> None:
    files = {f"m{n}/main.tf": f'module "m" {{\n  source = "../m{n + 1}"\n}}\n' for n in range(20)}
    tree = estate({**files, "m20/main.tf": KEY})
    assert tree.key_addresses() == []
    [error] = tree.errors
    assert error == (
        f"m{MAX_NESTING}/main.tf", 1, f"module.m is more than {MAX_NESTING} calls deep, not read"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("./gone", "gone, which is not there"),
        (
            "../outside",
            "../outside, which is outside of the scanned folder (scan a folder that holds both)",
        ),
    ],
)
def test_missing_modules_are_errors(estate: Make, source: str, where: str) -> None:
    tree = estate(f'\nmodule "m" {{\n  source = "{source}"\n}}\n{KEY}')
    tree.key_addresses()
    message = f"the source of module.m is {where}; what it makes is not judged"
    assert tree.errors == [("main.tf", 2, message)]


def test_a_missing_module_is_one_error_however_often_it_is_called(estate: Make) -> None:
    call = 'module "{}" {{\n  source = "{}"\n}}\n'
    tree = estate(
        {
            "b/main.tf": call.format("late", "../gone") + call.format("other", "../lost") + KEY,
            "a/main.tf": KEY + call.format("one", "../gone") + call.format("two", "..//gone/"),
            "a/comment.tf": '/*\nmodule "none" {\n  source = "../gone"\n}\n*/\n',
        }
    )
    tree.key_addresses()
    assert tree.errors == [
        (
            *("a/main.tf", 5),
            "the source of module.one and of 2 more calls is gone, which is not there; "
            "what it makes is not judged",
        ),
        (
            *("b/main.tf", 4),
            "the source of module.other is lost, which is not there; what it makes is not judged",
        ),
    ]


def test_a_source_that_cannot_be_parsed_is_an_error(estate: Make) -> None:
    tree = estate(f'module "m" {{\n  source = "./a" "b"\n}}\n{KEY}')
    tree.key_addresses()
    assert [(path, line) for path, line, _ in tree.errors] == [("main.tf", 2)]


def test_modules_that_are_not_in_the_tree(estate: Make) -> None:
    tree = estate(
        """
        module "vpc" {
          source = "terraform-aws-modules/vpc/aws"
        }
        locals {
          x = module.vpc.id
        }
        """
        + KEY
    )
    assert [block.address for block in tree.project.modules()] == ["module.vpc"]
    value = tree.local("x")
    assert value.why == "the code of module.vpc is not in the tree"
    assert [r.target.address for r in value.references] == ["module.vpc"]
    assert tree.errors == []


def test_downloaded_modules(estate: Make) -> None:
    manifest = {
        "Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {"Key": "k", "Source": "registry.terraform.io/a/b/c", "Dir": ".terraform/modules/k"},
            {"Key": "k.in", "Source": "./in", "Dir": ".terraform/modules/k/in"},
            {"Key": "off", "Source": "x", "Dir": ".terraform/modules/off"},
            {"Key": "out", "Source": "x", "Dir": "../../etc"},
        ]
    }
    tree = estate(
        {
            "main.tf": """
            module "k" {
              source = "a/b/c"
            }
            module "off" {
              source = "x/y/z"
              count  = 0
            }
            """,
            ".terraform/modules/modules.json": json.dumps(manifest),
            ".terraform/modules/k/main.tf": 'module "in" {\n  source = "./in"\n}\n' + KEY,
            ".terraform/modules/k/in/main.tf": KEY,
            ".terraform/modules/off/main.tf": KEY,
            ".terraform/providers/x/main.tf": KEY,
        }
    )
    assert tree.key_addresses() == [
        "module.k.aws_iam_access_key.key",
        "module.k.module.in.aws_iam_access_key.key",
    ]
    assert tree.errors == []


@pytest.mark.parametrize("text", ["{", "[]", '{"Modules": [{"Key": 1}]}', "\xff", "[" * 100_000])
def test_bad_manifests_are_errors(estate: Make, text: str) -> None:
    tree = estate({"main.tf": KEY, ".terraform/modules/modules.json": text})
    assert tree.key_addresses() == ["aws_iam_access_key.key"]
    [(path, _, message)] = tree.errors
    assert path == ".terraform/modules/modules.json"
    assert "manifest" in message


def test_inputs(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": 'module "k" {\n  source = "./k"\n  user = "a"\n}\n',
            "k/main.tf": LIBRARY,
        }
    )
    inputs = tree.project.inputs(tree.block("module.k"))
    assert sorted(inputs) == ["create", "path", "strict", "user"]
    assert inputs["user"].address == "module.k.var.user"


# --- providers -------------------------------------------------------------------------------


def provider_of(block: Block) -> str:
    provider = block.provider
    return "" if provider is None else f"{provider.location.path}:{provider.address}"


def test_providers(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": """
            provider "aws" {
              default_tags {
                tags = { Owner = "default" }
              }
            }
            provider "aws" {
              alias = "west"
              default_tags {
                tags = { Owner = "west" }
              }
            }
            resource "aws_iam_user" "plain" {}
            resource "aws_iam_user" "west" {
              provider = aws.west
            }
            resource "aws_iam_user" "quoted" {
              provider = "aws.west"
            }
            resource "aws_iam_user" "missing" {
              provider = aws.east
            }
            module "same" {
              source = "./m"
            }
            module "mapped" {
              source    = "./m"
              providers = {
                aws       = aws.west
                aws.other = aws
              }
            }
            """,
            "m/main.tf": """
            resource "aws_iam_user" "plain" {}
            resource "aws_iam_user" "other" {
              provider = aws.other
            }
            module "in" {
              source    = "../n"
              providers = { aws = aws.other }
            }
            """,
            "n/main.tf": 'resource "aws_iam_user" "plain" {}\n',
        }
    )
    found = {block.address: provider_of(block) for block in tree.project.resources("aws_iam_user")}
    default, west = "main.tf:provider.aws", "main.tf:provider.aws.west"
    assert found == {
        "aws_iam_user.plain": default,
        "aws_iam_user.west": west,
        "aws_iam_user.quoted": west,
        "aws_iam_user.missing": "",
        "module.same.aws_iam_user.plain": default,
        "module.same.aws_iam_user.other": "",
        "module.same.module.in.aws_iam_user.plain": "",
        "module.mapped.aws_iam_user.plain": west,
        "module.mapped.aws_iam_user.other": default,
        "module.mapped.module.in.aws_iam_user.plain": default,
    }
    provider = tree.block("module.mapped.aws_iam_user.plain").provider
    assert provider is not None
    assert provider.get("default_tags", 0, "tags", "Owner").text == "west"


def test_providers_in_json(estate: Make) -> None:
    provider = [{"region": "a"}, {"alias": "west"}]
    user = {"w": {"provider": "aws.west"}, "p": {}}
    tree = estate(
        {
            "main.tf.json": json.dumps(
                {"provider": {"aws": provider}, "resource": {"aws_iam_user": user}}
            )
        }
    )
    found = {block.address: provider_of(block) for block in tree.project.resources("aws_iam_user")}
    assert found == {
        "aws_iam_user.w": "main.tf.json:provider.aws.west",
        "aws_iam_user.p": "main.tf.json:provider.aws",
    }
