#!/usr/bin/env bash
# The store that the newest successful run of this workflow on the trusted branch left. That there is none is no failure.
set -euo pipefail

workflow=${GITHUB_WORKFLOW_REF%%@*}
workflow=${workflow##*/}
# Runs of forks have a branch of that name as well: what counts is an event that only who may push can cause.
run=$(gh run list --repo "$GITHUB_REPOSITORY" --workflow "$workflow" --branch "$TRUSTED_BRANCH" --event push \
  --status success --limit 1 --json databaseId --jq '.[0].databaseId // empty')
if [[ ! "$run" =~ ^[0-9]+$ ]]; then
  echo "no successful run on $TRUSTED_BRANCH has left a store yet"
  exit 0
fi
mkdir -p -- "$FOLDER/artifacts"
gh run download "$run" --repo "$GITHUB_REPOSITORY" --name "$NAME" --dir "$FOLDER/artifacts" ||
  echo "run $run left no store"
