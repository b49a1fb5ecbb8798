"""The floor a scanner stands on: read every Terraform file of a tree and look for ``aws_iam_``.

    python bench/floor.py TREE

Nothing smaller can decide that a tree has no IAM in it, so `run.py` measures rolefirst against it.
"""

import os
import sys


def main(tree: str) -> int:
    """The number of files below ``tree`` that mention IAM."""
    hits = 0
    for directory, _, names in os.walk(tree):
        for name in names:
            if name.endswith(".tf"):
                with open(os.path.join(directory, name), "rb") as file:  # noqa: PTH118, PTH123 - pathlib costs more than the read
                    hits += b"aws_iam_" in file.read()
    return hits


if __name__ == "__main__":
    print(main(sys.argv[1]))
