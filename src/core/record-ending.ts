// How a draw ended, as far as its end may have chosen what is counted: refused, cut off, filtered, or failed for some reason. Pure.
import { endingOf } from './ending.ts';
import { isJsonObject, type Json } from './json.ts';
import type { FailureKind } from './outcome.ts';

/** Of a completed draw that is not an ordinary answer. */
export type OddEnding = 'refused' | 'cut' | 'filtered';

export const ODD_ENDINGS: readonly OddEnding[] = ['refused', 'cut', 'filtered'];

/**
 * Of a record's `output`; null = an ordinary end. A filter that says why in the place of a refusal is a filter; Anthropic's
 * `refusal` is the model's own.
 */
export function oddEndingOf(output: unknown): OddEnding | null {
  if (!isJsonObject(output as Json)) return null;
  const { finish_reason: reason, refusal } = output as { readonly [name: string]: unknown };
  const word = typeof reason === 'string' ? reason : '';
  const { kind } = endingOf(word);
  if (kind === 'filtered') return word.toLowerCase() === 'refusal' ? 'refused' : 'filtered';
  if (typeof refusal === 'string' && refusal !== '') return 'refused';
  return kind === 'cut' ? 'cut' : null;
}

/** Failures that say nothing of what the model answered: trying again until it works chooses no answers. */
const OF_TRANSPORT: readonly string[] = [
  'rate-limited',
  'overloaded',
  'timeout',
  'network',
  'worker-lost',
  'cancelled',
  'inputs-changed',
  'undeclared-input',
  'unauthorized',
  'quota-exhausted',
  'internal',
] satisfies readonly FailureKind[];

/** Whether a draw failed by what was asked or answered; what is not known is taken for it. */
export function failedByContent(kind: string | null): boolean {
  return kind === null || !OF_TRANSPORT.includes(kind);
}
