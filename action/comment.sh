#!/usr/bin/env bash
# The report as a comment, the last one of this account edited where there is one.
set -euo pipefail

[[ "$PR" =~ ^[0-9]+$ ]] || exit 0
gh pr comment "$PR" --repo "$GITHUB_REPOSITORY" --body-file "$REPORT" --edit-last --create-if-none
