#!/usr/bin/env bash
# One comment per pull request: the one of the last run is brought up to date.
set -euo pipefail

mark='<!-- rolefirst -->'
comments=repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments
filter=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$mark\"))) | .id"

# The token of a pull request from a fork may not write: the report is in the log and the summary too.
post() { "$@" >/dev/null || echo "::warning::rolefirst could not comment on the pull request"; }

if ! found=$(gh api --paginate "$comments" --jq "$filter"); then
  echo "::warning::rolefirst could not read the comments on the pull request"
  exit 0
fi
last=${found%%$'\n'*}
if [ -n "$last" ]; then
  post gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$last" --field "body=@$MARKDOWN"
elif ! grep -q '^## rolefirst: no findings' "$MARKDOWN" || grep -q 'not complete' "$MARKDOWN"; then
  post gh api --method POST "$comments" --field "body=@$MARKDOWN"
fi
