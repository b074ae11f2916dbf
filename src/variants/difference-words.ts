// One difference of two variants as half a sentence. Pure.
import type { Json } from '../core/json.ts';
import { sanitizeLine } from '../core/text.ts';
import type { Difference } from './differences.ts';

const MAX_CHARS = 60;

/** `baseline has 0.2, applike 0.7` */
export function differenceSentence(
  { from, to }: Difference,
  names: { readonly from: string; readonly to: string },
): string {
  return `${sanitizeLine(names.from)} has ${valueWords(from)}, ${sanitizeLine(names.to)} ${valueWords(to)}`;
}

function valueWords(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const text = JSON.stringify(value);
  return sanitizeLine(text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text);
}
