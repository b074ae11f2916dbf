// What is said where a command is about one shard of the cells: `2/4`; undefined = it is about all of them. Pure.

type Told = string | undefined;

/** ` of shard 2/4`, behind what is of it. */
export function ofShard(shard: Told): string {
  return shard === undefined ? '' : ` of shard ${shard}`;
}

/** `Shard 2/4, `, before what is counted in it. */
export function inShard(shard: Told): string {
  return shard === undefined ? '' : `Shard ${shard}, `;
}

export function nothingInScope(shard: Told): string {
  if (shard === undefined) return 'Nothing to do: no task is in scope.';
  return `Nothing to do: shard ${shard} has no task; there is less to deal than there are shards.`;
}
