#!/usr/bin/env bash
# One scan with all reports: text and annotations in the log, SARIF and Markdown in files.
set -euo pipefail

reports=$RUNNER_TEMP/rolefirst-reports
mkdir -p "$reports"
arguments=(--report "sarif=$reports/rolefirst.sarif"
  --report "markdown=$reports/rolefirst.md"
  --report "github=$reports/annotations.txt")

[ -z "${FAIL_ON:-}" ] || arguments+=(--fail-on "$FAIL_ON")
[ "${STRICT:-false}" != true ] || arguments+=(--strict)
[ -z "${CONFIG:-}" ] || arguments+=(--config "$CONFIG")
[ -z "${CHANGED_SINCE:-}" ] || arguments+=(--changed-since "$CHANGED_SINCE")
[ -z "${BASELINE:-}" ] || arguments+=(--baseline "$BASELINE")
while IFS= read -r file; do
  [ -z "$file" ] || arguments+=(--var-file "$file")
done <<<"${VAR_FILES:-}"

# A pull request must not approve its own key: its register is that of the base branch.
if [ -z "${EXCEPTIONS_REF:-}" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
  EXCEPTIONS_REF=refs/remotes/origin/$GITHUB_BASE_REF
  git rev-parse --verify --quiet --end-of-options "$EXCEPTIONS_REF^{commit}" >/dev/null ||
    git fetch --quiet --no-tags --depth=1 origin "+refs/heads/$GITHUB_BASE_REF:$EXCEPTIONS_REF"
fi
[ -z "${EXCEPTIONS_REF:-}" ] || arguments+=(--exceptions-ref "$EXCEPTIONS_REF")

paths=()
while IFS= read -r path; do
  [ -z "$path" ] || paths+=("$path")
done <<<"${PATHS:-.}"

code=0
rolefirst scan "${arguments[@]}" -- "${paths[@]}" || code=$?
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
# A call that is wrong ends before there is any report.
[ -e "$reports/rolefirst.sarif" ] || exit 0
cat "$reports/annotations.txt"
cat "$reports/rolefirst.md" >>"$GITHUB_STEP_SUMMARY"
{
  echo "sarif=$reports/rolefirst.sarif"
  echo "markdown=$reports/rolefirst.md"
} >>"$GITHUB_OUTPUT"
