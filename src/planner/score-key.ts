// The key of a score: who judges, what is expected, and the digest of the output. Not the cell that the output came from:
// equal outputs are judged once, and a draw that gives the same answer again costs no second judgement.
import type { Digest, Key } from '../core/brand.ts';
import { sha256 } from '../core/canonical.ts';
import type { PartDigests } from '../core/task.ts';

/** What a pairwise judge is shown, in the order in which it is shown. */
export function pairDigest(first: Digest, second: Digest): Digest {
  return sha256(`{"first":"${first}","k":"pair","second":"${second}"}`) as Digest;
}

/** Bumped by hand when the meaning of a score's key changes. */
export const SCORE_KEY_VERSION = 1;

/**
 * SHA-256 over the canonical JSON of `{engine, k: "score", ks, output, scenario, scorer, vote}`.
 * @param parts `variant` is what the scorer is, `scenario` what it sees of the scenario, `engine` who answers a judge
 * @param vote from 1: each vote of a judge is a judgement of its own
 */
export function scoreKey(input: {
  readonly parts: PartDigests;
  readonly output: Digest;
  readonly vote: number;
}): Key {
  const { parts, output, vote } = input;
  return sha256(
    `{"engine":"${parts.engine}","k":"score","ks":${SCORE_KEY_VERSION},"output":"${output}","scenario":"${parts.scenario}","scorer":"${parts.variant}","vote":${vote}}`,
  ) as Key;
}
