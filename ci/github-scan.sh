#!/usr/bin/env bash
# One scan with all reports: text and annotations in the log, SARIF and Markdown in files.
set -euo pipefail

reports=$RUNNER_TEMP/rolefirst-reports
mkdir -p "$reports"

# Without a scan the last comment on the pull request must not stand as if it still held.
refuse() {
  echo "::error title=rolefirst::The scan did not run: ${1//[$'\r\n']/ }"
  printf '<!-- rolefirst -->\n## rolefirst: the scan did not run\n\nThe log of the check says why.\n' >"$reports/rolefirst.md"
  cat "$reports/rolefirst.md" >>"$GITHUB_STEP_SUMMARY"
  printf 'exit-code=2\nmarkdown=%s\n' "$reports/rolefirst.md" >>"$GITHUB_OUTPUT"
  exit 0
}

arguments=(--report "sarif=$reports/rolefirst.sarif"
  --report "markdown=$reports/rolefirst.md"
  --report "github=$reports/annotations.txt")

[ -z "${FAIL_ON:-}" ] || arguments+=(--fail-on "$FAIL_ON")
case ${STRICT:-false} in
  true) arguments+=(--strict) ;;
  false) ;;
  *) refuse "strict has to be true or false, not $STRICT" ;;
esac
[ -z "${CONFIG:-}" ] || arguments+=(--config "$CONFIG")
[ -z "${CHANGED_SINCE:-}" ] || arguments+=(--changed-since "$CHANGED_SINCE")
[ -z "${BASELINE:-}" ] || arguments+=(--baseline "$BASELINE")
while IFS= read -r file; do
  [ -z "$file" ] || arguments+=(--var-file "$file")
done <<<"${VAR_FILES:-}"

# A pull request must not approve its own key: register and configuration are those of its base.
base=${BASE_REF#refs/heads/}
if [ -z "${EXCEPTIONS_REF:-}" ] && [ -n "$base" ]; then
  EXCEPTIONS_REF=refs/remotes/origin/$base
  git rev-parse --verify --quiet --end-of-options "$EXCEPTIONS_REF^{commit}" >/dev/null ||
    git fetch --quiet --no-tags --depth=1 origin "+refs/heads/$base:$EXCEPTIONS_REF" ||
    refuse "the base branch $base cannot be fetched"
fi
[ -z "${EXCEPTIONS_REF:-}" ] || arguments+=(--exceptions-ref "$EXCEPTIONS_REF")

paths=()
while IFS= read -r path; do
  [ -z "$path" ] || paths+=("$path")
done <<<"${PATHS:-.}"

code=0
rolefirst scan "${arguments[@]}" -- "${paths[@]}" 2> >(tee "$reports/stderr.txt" >&2) || code=$?
# A call that is wrong ends before there is any report; its message is one line without commands.
[ -e "$reports/rolefirst.sarif" ] || refuse "$(head -n 1 "$reports/stderr.txt")"
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
cat "$reports/annotations.txt"
cat "$reports/rolefirst.md" >>"$GITHUB_STEP_SUMMARY"
{
  echo "sarif=$reports/rolefirst.sarif"
  echo "markdown=$reports/rolefirst.md"
} >>"$GITHUB_OUTPUT"
