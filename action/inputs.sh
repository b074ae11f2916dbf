#!/usr/bin/env bash
# What the inputs and the event say -> names of caches and artifacts, and whether the code is of a fork. Nothing is done yet.
set -euo pipefail

fail() {
  printf '::error title=expgraph::%s\n' "$1"
  exit 2
}

# With this event the code of a fork would run beside the secrets and the cache of the main branch.
if [ "$EVENT" = pull_request_target ] || [ "$EVENT" = workflow_run ]; then
  fail "the event $EVENT runs code of others with rights of this repository: use pull_request"
fi
case "$STORE" in cache | artifact | none) ;; *) fail 'store is cache, artifact or none' ;; esac
case "$INSTALL" in npm-ci | none) ;; *) fail 'install is npm-ci or none' ;; esac
[[ "$BUDGET_USD" =~ ^([0-9]+(\.[0-9]+)?)?$ ]] || fail 'budget-usd is a number of USD, such as 2 or 0.5'
[[ "$SHARD" =~ ^([0-9]{1,4}/[0-9]{1,4})?$ ]] || fail 'shard is I/N, such as 2/4: the second of four'
[[ "$MERGE" != /* && "$MERGE" != *..* && "$MERGE" != *$'\n'* ]] || fail 'merge is a folder of the repository'
[[ "$TRUSTED_BRANCH" =~ ^[A-Za-z0-9._/-]+$ ]] || fail 'trusted-branch is the name of a branch'
[[ "$FOLDER" != /* && "$FOLDER" != *..* && "$FOLDER" != *$'\n'* ]] || fail 'working-directory is a folder of the repository'
[ -d "$FOLDER" ] || fail 'working-directory is no folder'

is_fork=false
if [ -n "$HEAD_REPOSITORY" ] && [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ]; then is_fork=true; fi

# Two experiments of a repository have two stores.
place=$(printf %s "$FOLDER" | tr -c 'A-Za-z0-9._\n-' '-')
# A name of a branch may hold what a name of a cache may not: a comma.
own=$(printf %s "$REF" | tr ',\n' '--')
part=''
[ -z "$SHARD" ] || part="-${SHARD/\//-of-}"
{
  echo "is-fork=$is_fork"
  echo "key=expgraph-$place-$own-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"
  echo "own=expgraph-$place-$own-"
  echo "trusted=expgraph-$place-refs/heads/$TRUSTED_BRANCH-"
  echo "artifact=expgraph-store-$place"
  echo "shard=expgraph-shard-$place$part"
  echo "reports=expgraph-report-$place$part"
} >>"$GITHUB_OUTPUT"
