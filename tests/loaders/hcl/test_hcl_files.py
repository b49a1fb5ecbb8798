"""Which files are read, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rolefirst.loaders.hcl import files

Make = Callable[..., Any]

KEY = 'resource "aws_iam_access_key" "%s" {\n  user = "ci"\n}\n'


def test_what_terraform_reads(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": KEY % "main",
            ".hidden.tf": KEY % "hidden",
            "backup.tf~": KEY % "backup",
            "notes.txt": KEY % "notes",
            "x.tf.bak": KEY % "bak",
            ".terraform/modules/x/main.tf": KEY % "downloaded",
            ".git/main.tf": KEY % "git",
            "sub/main.tf": KEY % "sub",
            "dir.tf/main.tf": KEY % "folder",
            "both.tf": KEY % "terraform",
            "both.tofu": KEY % "tofu",
            "json.tf.json": '{"resource": {"aws_iam_access_key": {"old": {}}}}',
            "json.tofu.json": '{"resource": {"aws_iam_access_key": {"new": {}}}}',
        }
    )
    names = [address.partition(".")[2] for address in tree.key_addresses()]
    assert names == ["folder", "main", "new", "sub", "tofu"]
    assert tree.errors == []


def test_override_files(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": """
            resource "aws_iam_access_key" "k" {
              user   = "main"
              status = "Active"
              lifecycle {
                create_before_destroy = true
              }
            }
            locals {
              a = 1
              b = 2
            }
            variable "v" {
              default = "main"
            }
            locals {
              v = var.v
            }
            """,
            "a_override.tf": "locals {\n  a = 3\n}\n" + (KEY % "k").replace("ci", "a"),
            "b_override.tf.json": '{"resource": {"aws_iam_access_key": {"k": {"user": "b"}}}}',
            "override.tf": 'variable "v" {\n  default = "override"\n}\n' + KEY % "new",
        }
    )
    assert tree.key_addresses() == ["aws_iam_access_key.k", "aws_iam_access_key.new"]
    block = tree.block("aws_iam_access_key.k")
    assert block["user"].text == "b"
    assert block["status"].text == "Active"
    assert block.get("lifecycle", 0, "create_before_destroy").data is True
    assert str(block.location) == "main.tf:2"
    assert str(block.at("user")) == "b_override.tf.json:1"
    assert (tree.local("a").data, tree.local("b").data) == (3, 2)
    assert tree.local("v").text == "override"


def test_links_are_followed_once(tmp_path: Path, load_tree: Make) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "main.tf").write_text(KEY % "k")
    (tmp_path / "again").symlink_to("real")
    (tmp_path / "real" / "loop").symlink_to("..")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "self.tf").symlink_to("self.tf")
    (tmp_path / "gone.tf").symlink_to("nowhere.tf")
    tree = load_tree(tmp_path)
    assert tree.key_addresses() == ["aws_iam_access_key.k"]
    assert [b.location.path for b in tree.project.resources("aws_iam_access_key")] == [
        "real/main.tf"
    ]
    assert sorted(path for path, _, _ in tree.errors) == ["gone.tf", "self.tf"]
    assert all("cannot be read" in message for _, _, message in tree.errors)


def test_links_out_of_the_tree_are_not_followed(tmp_path: Path, load_tree: Make) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text(KEY % "outside")
    top = tmp_path / "top"
    top.mkdir()
    (top / "folder").symlink_to(outside)
    (top / "file.tf").symlink_to(outside / "main.tf")
    (top / "main.tf").write_text(KEY % "k")
    tree = load_tree(top)
    assert tree.key_addresses() == ["aws_iam_access_key.k"]
    [(path, _, message)] = tree.errors
    assert path == "file.tf"
    assert "leads out of the scanned folder" in message


def test_a_link_to_a_file_inside_belongs_to_both_folders(tmp_path: Path, load_tree: Make) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "main.tf").write_text(KEY % "k")
    (tmp_path / "b" / "main.tf").symlink_to("../a/main.tf")
    assert len(load_tree(tmp_path).key_addresses()) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_special_files_are_refused(tmp_path: Path, load_tree: Make) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "main.tf").write_text(KEY % "k")
    tree = load_tree(tmp_path)
    assert tree.key_addresses() == ["aws_iam_access_key.k"]
    assert tree.errors == [("pipe.tf", 0, "cannot be read: not a regular file, not read")]


def test_giant_files_are_refused(tmp_path: Path, load_tree: Make) -> None:
    with (tmp_path / "giant.tf").open("wb") as file:
        file.truncate(files.MAX_SIZE + 1)
    (tmp_path / "main.tf").write_text(KEY % "k")
    tree = load_tree(tmp_path)
    assert tree.key_addresses() == ["aws_iam_access_key.k"]
    assert tree.errors == [("giant.tf", 0, "cannot be read: larger than 20 MB, not read")]


def test_deep_folders_are_reported(tmp_path: Path, load_tree: Make) -> None:
    deep = tmp_path.joinpath(*(["d"] * 150))
    deep.mkdir(parents=True)
    (deep / "main.tf").write_text(KEY % "deep")
    (tmp_path / "main.tf").write_text(KEY % "k")
    tree = load_tree(tmp_path)
    assert tree.key_addresses() == ["aws_iam_access_key.k"]
    [(_, _, message)] = tree.errors
    assert message == f"more than {files.MAX_DEPTH} folders deep, not read"


def test_names_that_are_no_text(tmp_path: Path, load_tree: Make) -> None:
    try:
        (tmp_path / os.fsdecode(b"\xff.tf")).write_text(KEY % "k")
    except OSError:
        pytest.skip("this file system wants UTF-8")
    assert load_tree(tmp_path).key_addresses() == ["aws_iam_access_key.k"]


def test_an_empty_tree(tmp_path: Path, load_tree: Make) -> None:
    tree = load_tree(tmp_path)
    assert tree.key_addresses() == []
    assert tree.errors == []
