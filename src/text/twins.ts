// Variants with equal content: they share every draw. Said the same way by whoever meets them. Pure.
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Plan } from '../core/task.ts';
import { sanitizeLine } from '../core/text.ts';

export const TWINS_HINT = 'give one of them a `salt:` of its own to have it drawn for itself';

export function twinsSentence([one, other]: readonly [string, string]): string {
  return `${sanitizeLine(one)} and ${sanitizeLine(other)} have equal content and share every draw: they are one arm with two names`;
}

export function twinNotes({ twins }: Pick<Plan, 'twins'>): readonly Diagnostic[] {
  return twins.map((pair) => ({
    severity: 'note',
    code: 'twins',
    message: twinsSentence(pair),
    hint: TWINS_HINT,
    location: null,
    related: [],
  }));
}
