#!/usr/bin/env bash
# Installs the rolefirst that this action comes with, in an environment of its own.
set -euo pipefail

environment=$RUNNER_TEMP/rolefirst
"$PYTHON" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
echo "$environment/bin" >>"$GITHUB_PATH"
