// What is said where a command is about one shard of the cells. Pure.

/** @param shard undefined = all of it */
export function nothingInScope(shard: string | undefined): string {
  if (shard === undefined) return 'Nothing to do: no task is in scope.';
  return `Nothing to do: shard ${shard} has no task; there is less to deal than there are shards.`;
}
