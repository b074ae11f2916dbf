// What was said of an answer where it was made, as the index holds it beside the answer's digest: how its test ended, and
// scores that it came with. Judgements of it hang on these as well: of two equal answers one may have failed. Pure.
import type { Digest } from './brand.ts';
import { NOT_TESTED } from './tested.ts';

/** Between the digests: the first is of the test, the second of the scores. */
const APART = '~';

/** null = nothing was said. */
export function saidIn(input: {
  readonly test: Digest | null;
  readonly scores: Digest | null;
}): string | null {
  if (input.scores === null) return input.test;
  return `${input.test ?? ''}${APART}${input.scores}`;
}

/** Digest of how its test ended; null = it was no test. */
export function testIn(said: string | null): Digest | null {
  const [test = ''] = said?.split(APART) ?? [];
  return test === '' ? null : (test as Digest);
}

/** Digest of the scores that it came with; null = it came with none. Where nothing is there yet, whoever takes them is about it. */
export function scoresIn(said: string | null): Digest | null {
  if (said === NOT_TESTED) return NOT_TESTED as Digest;
  const [, scores] = said?.split(APART) ?? [];
  return scores === undefined ? null : (scores as Digest);
}
