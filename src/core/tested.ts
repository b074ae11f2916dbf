// How a test ended that gave an answer, as its record holds it. A judgement of it hangs on this beside the answer's digest:
// two runs may answer the same, and one of them fail. Pure.
import { isJsonObject, type Json } from './json.ts';

export const TEST_OUTCOMES = ['passed', 'failed', 'skipped', 'xfailed', 'xpassed'] as const;
export type TestOutcome = (typeof TEST_OUTCOMES)[number];

export type Tested = {
  readonly outcome: TestOutcome;
  /** What the assertion said; null = nothing. */
  readonly message: string | null;
};

/**
 * In the place of a digest where a test has not ended yet, or not in order: whoever judges tests is about it, and nothing
 * was ever judged under it.
 */
export const NOT_TESTED: string = '0'.repeat(64);

/** Of a record's `output`; null = no test gave it. */
export function testedOf(output: unknown): Tested | null {
  const properties = memberOf(output, 'properties');
  const test = memberOf(properties, 'pytest');
  const outcome = TEST_OUTCOMES.find((one) => one === memberOf(test, 'outcome'));
  if (outcome === undefined) return null;
  const message = memberOf(test, 'message');
  return { outcome, message: typeof message === 'string' && message !== '' ? message : null };
}

function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value as Json) && Object.hasOwn(value as object, name)
    ? (value as { readonly [name: string]: unknown })[name]
    : undefined;
}
