#!/usr/bin/env bash
# Runs the experiment and writes its reports. Its exit code is told at the very end, so that what was paid for is kept before.
set -euo pipefail

cd -- "$FOLDER"
out="$RUNNER_TEMP/expgraph"
mkdir -p -- "$out"
junit="$out/junit.xml"
report="$out/report.md"

file=()
[ -z "$MANIFEST" ] || file=(-f "$MANIFEST")
merged=0
if [ -n "$MERGE" ]; then
  stores=("$GITHUB_WORKSPACE/$MERGE"/*/)
  if [ -d "${stores[0]}" ]; then
    npx --no-install expgraph merge "${file[@]}" "${stores[@]}" || merged=$?
  else
    echo 'no other job has left a store'
  fi
fi

words=(run "${file[@]}" --junit "$junit")
[ -z "$SHARD" ] || words+=(--shard "$SHARD")
[ -z "$BUDGET_USD" ] || words+=(--budget-usd "$BUDGET_USD")
# A fork has no secrets: what is cached is shown, and nothing is asked.
[ "$IS_FORK" = false ] || words+=(--offline)
while IFS= read -r line || [ -n "$line" ]; do
  [ -z "$line" ] || words+=("$line")
done <<<"$ARGUMENTS"

code=0
npx --no-install expgraph "${words[@]}" || code=$?
# What was left out of a store is not made good by a run.
[ "$code" != 0 ] || code=$merged
# The job has its summary from the run itself.
GITHUB_STEP_SUMMARY='' npx --no-install expgraph report "${file[@]}" --format github >"$report" || rm -f -- "$report"

{
  echo "exit-code=$code"
  if [ -f "$junit" ]; then echo "junit=$junit"; fi
  if [ -f "$report" ]; then echo "report=$report"; fi
} >>"$GITHUB_OUTPUT"
