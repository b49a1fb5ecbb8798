"""``python -m rolefirst``"""

from rolefirst.cli import entry

if __name__ == "__main__":
    entry()
