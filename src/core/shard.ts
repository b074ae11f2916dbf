// One of several equal parts of the cells, as it is written: `2/4` is the second of four.

export type Shard = {
  /** From 1 on. */
  readonly number: number;
  readonly of: number;
};

/** More would be more machines than cells. */
const MOST_SHARDS = 9999;

/** `2/4` -> the second of four; or what is wrong with it, and what would be right. */
export function readShard(text: string): Shard | { readonly wrong: string } {
  const [, first, second] = /^\s*(\d{1,15})\s*\/\s*(\d{1,15})\s*$/.exec(text) ?? [];
  if (first === undefined || second === undefined)
    return { wrong: 'it takes I/N, for example --shard 2/4: the second of four' };
  const [number, of] = [Number(first), Number(second)];
  if (of === 0) return { wrong: 'of 0 shards there is none; for example --shard 1/4 is the first of four' };
  if (of > MOST_SHARDS) return { wrong: `there are at most ${MOST_SHARDS} shards` };
  if (number < 1 || number > of) {
    const there =
      of === 1 ? 'there is --shard 1/1 alone' : `there are --shard 1/${of} to --shard ${of}/${of}`;
    return { wrong: `shards are counted from 1 on, and of ${of} ${there}` };
  }
  return { number, of };
}

/** As it is typed, recorded and told. */
export function shardText({ number, of }: Shard): string {
  return `${number}/${of}`;
}
