"""``rolefirst.toml``; tests/cli/test_cli_config.py has its mistakes and what it does to a scan."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rolefirst import config
from rolefirst.config import Config, load, severity
from rolefirst.errors import ConfigError
from rolefirst.findings import Severity
from rolefirst.limits import Limits

RULES = ("RF101", "RF401", "RF402")


def test_an_empty_file_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / config.NAME
    path.write_text("", encoding="utf-8")

    assert load(path, RULES) == Config()


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", inspect.getdoc(config) or "", re.DOTALL)
    assert found is not None
    path = tmp_path / config.NAME
    path.write_text(found[1], encoding="utf-8")

    found_config = load(path, RULES)
    rows = found_config.rows

    assert rows is not None
    assert [sink.types for sink in rows.sinks] == [("acme_job",)]
    assert [module.source for module in rows.modules] == ["git.acme.example/modules//robot"]
    assert replace(found_config, rows=None) == Config(
        fail_on=Severity.MEDIUM,
        strict=False,
        allow_unparsed=("templates/*",),
        inline_protected=False,
        severities={"RF401": Severity.LOW},
        disabled={"RF402": "owners are kept in the service catalogue"},
        exclude=("sandbox/*",),
        limits=Limits(
            rotation_days=60,
            owner_keys=("Owner", "acme:contact"),
            owner_placeholders=("platform",),
            required_tags=("Owner", "Purpose"),
            trusted_networks=("203.0.113.0/24", "2001:db8::/32"),
            exception_days=180,
        ),
    )


def test_every_setting(tmp_path: Path) -> None:
    path = tmp_path / config.NAME
    path.write_text(
        "[scan]\nfail-on = 'critical'\nstrict = true\nallow-unparsed = ['a', 'b/*']\n"
        "inline-skips-of-keys = true\n[severity]\nRF101 = 'critical'\n[disabled]\nRF402 = 'x'\n",
        encoding="utf-8",
    )

    assert load(path, RULES) == Config(
        Severity.CRITICAL, True, ("a", "b/*"), True, {"RF101": Severity.CRITICAL}, {"RF402": "x"}
    )


@pytest.mark.parametrize("days", [1, 365])
def test_days_at_the_edge(tmp_path: Path, days: int) -> None:
    path = tmp_path / config.NAME
    path.write_text(f"[rotation]\nmax-days = {days}\n", encoding="utf-8")

    assert load(path, RULES).limits == Limits(rotation_days=days)


def test_networks_are_kept_in_one_spelling(tmp_path: Path) -> None:
    path = tmp_path / config.NAME
    path.write_text(
        "[source]\ntrusted-networks = ['10.1.2.3/8', '2001:DB8:0::/32', '192.0.2.1/32']\n",
        encoding="utf-8",
    )

    assert load(path, RULES).limits.trusted_networks == (
        "10.0.0.0/8",
        "2001:db8::/32",
        "192.0.2.1/32",
    )


@pytest.mark.parametrize("item", Severity)
def test_severity_by_its_word(item: Severity) -> None:
    assert severity(item.label, "x") is item


@pytest.mark.parametrize("word", ["", "HIGH", "2", "none"])
def test_no_severity(word: str) -> None:
    with pytest.raises(ConfigError, match=r"here: .* is no severity"):
        severity(word, "here")
