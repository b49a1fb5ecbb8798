#!/usr/bin/env bash
# Installs the rolefirst that this action comes with, in an environment of its own.
set -euo pipefail

environment=$RUNNER_TEMP/rolefirst
# -I: without it, python -m takes a venv.py or pip.py of the scanned repository, which stands here.
"$PYTHON" -I -m venv "$environment"
"$environment/bin/python" -I -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
echo "$environment/bin" >>"$GITHUB_PATH"
