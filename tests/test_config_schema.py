"""The schema for editors and the reader of ``rolefirst.toml`` accept and refuse the same."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from rolefirst import config, rules
from rolefirst.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPOSITORY = Path(__file__).resolve().parent.parent
IDS = [rule.id for rule in rules.load()]
SINK = (
    "[[sink]]\ntypes = ['acme_job']\ncategory = 'ci'\nalternative = 'oidc-federation'\n"
    "template = 'oidc_generic'\nuse = 'the job token'\n"
)
EXAMPLE = re.search(r"```toml\n(.*?)```", inspect.getdoc(config) or "", re.DOTALL)
README = re.search(
    r"```toml\n(.*?)```", (REPOSITORY / "README.md").read_text(encoding="utf-8"), re.DOTALL
)

ACCEPTED = [
    "",
    EXAMPLE[1] if EXAMPLE else "",
    README[1] if README else "",
    "[scan]\n[severity]\n[disabled]\n[rotation]\n[owner]\n[tags]\n[source]\n",
    "[scan]\nfail-on = 'critical'\nstrict = true\ninline-skips-of-keys = true\n",
    "[scan]\nexclude = ['a/*', 'b*']\nallow-unparsed = []\n",
    "[rotation]\nmax-days = 1\n",
    "[rotation]\nmax-days = 365\n",
    "[exceptions]\n",
    "[exceptions]\nmax-days = 1827\n",
    "[owner]\nkeys = ['a']\nplaceholders = []\n",
    "[tags]\nrequired = []\n",
    "[source]\ntrusted-networks = ['10.0.0.0/8', '10.1.2.3/8', '192.0.2.1/32', '2001:db8::/32']\n",
    "[source]\ntrusted-networks = ['::1/128', '128.0.0.0/1', '64:ff9b::192.0.2.0/120']\n",
    SINK,
]
REFUSED = [
    "scna = 1\n",
    "scan = 1\n",
    "[scan]\nfail_on = 'low'\n",
    "[scan]\nfail-on = 'LOW'\n",
    "[scan]\nfail-on = 3\n",
    "[scan]\nstrict = 'yes'\n",
    "[scan]\nexclude = 'x'\n",
    "[scan]\nexclude = [1]\n",
    "[scan]\nexclude = ['']\n",
    "[scan]\nallow-unparsed = [' ']\n",
    "[severity]\nRF401 = 'none'\n",
    "[severity]\nrf401 = 'low'\n",
    "[severity]\nRF999 = 'low'\n",
    "[disabled]\nRF402 = ''\n",
    "[disabled]\nRF402 = true\n",
    "[disabled]\nRF999 = 'x'\n",
    "[rotation]\nmax-days = 0\n",
    "[rotation]\nmax-days = 366\n",
    "[rotation]\nmax-days = '90'\n",
    "[exceptions]\nmax-days = 0\n",
    "[exceptions]\nmax-days = 1828\n",
    "[exceptions]\ndays = 90\n",
    "[rotation]\nmax-days = 1.5\n",
    "[rotation]\nmax-days = true\n",
    "[rotation]\ndays = 1\n",
    "[owner]\nkeys = []\n",
    "[owner]\nkeys = ['']\n",
    "[owner]\nkey = ['a']\n",
    "[owner]\nplaceholders = 'a'\n",
    "[tags]\nrequired = ['']\n",
    "[tags]\nrequire = ['a']\n",
    "[source]\ntrusted-networks = ['10.0.0.0']\n",
    "[source]\ntrusted-networks = ['10.0.0.0/33']\n",
    "[source]\ntrusted-networks = ['10.0.0.0/08']\n",
    "[source]\ntrusted-networks = ['10.0.0/8']\n",
    "[source]\ntrusted-networks = ['256.0.0.0/8']\n",
    "[source]\ntrusted-networks = ['010.0.0.0/8']\n",
    "[source]\ntrusted-networks = ['10.0.0.0/255.0.0.0']\n",
    "[source]\ntrusted-networks = ['0.0.0.0/0']\n",
    "[source]\ntrusted-networks = ['::/0']\n",
    "[source]\ntrusted-networks = ['2001:db8::/129']\n",
    "[source]\ntrusted-networks = ['vpc-0a1b']\n",
    "[sink]\n",
    "[[sink]]\n",
    f"{SINK}tempalte = 'x'\n",
    SINK.replace("'ci'", "'saaas'"),
    "[[key-modul]]\n",
    "[[key-module]]\nsource = 'a/b/c'\noutputs = {}\n",
]


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The schema as ``make docs`` writes it: rules come and go."""
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: dict[str, Any] = module.config_schema(rules.load())
    return made


def read(folder: Path, text: str) -> None:
    path = folder / config.NAME
    path.write_text(text, encoding="utf-8")
    config.load(path, IDS)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("text", ACCEPTED)
def test_both_accept(tmp_path: Path, text: str) -> None:
    read(tmp_path, text)
    jsonschema.validate(tomllib.loads(text), schema())


@pytest.mark.parametrize("text", REFUSED)
def test_both_refuse(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        read(tmp_path, text)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), schema())


def test_the_schema_names_what_the_reader_reads() -> None:
    tables = {
        name: set(part.get("properties", ())) for name, part in schema()["properties"].items()
    }

    assert {name: tables[name] for name in config._LIMITS} == {
        name: set(keys) for name, keys in config._LIMITS.items()
    }
    assert tables["scan"] == set(config._SCAN)
    assert tables["severity"] == tables["disabled"] == set(IDS)
    assert set(tables) == {"scan", "severity", "disabled", *config._LIMITS, *config._ROWS}


def test_the_schema_lies_in_the_package() -> None:
    path = Path(inspect.getfile(config)).with_name("rolefirst.schema.json")

    assert json.loads(path.read_text(encoding="utf-8"))["title"] == config.NAME
