// What is wrong with results: many equal mistakes are one, with the first places and a count.
import { sanitizeLine } from '../../core/text.ts';

/** Kinds of mistakes that are told; and places of each. */
const MAX_KINDS = 50;
const MAX_PLACES = 3;

type Kind = { readonly message: string; readonly places: string[]; count: number };

export function makeMistakes(): {
  add(place: string, messages: readonly string[]): void;
  count(): number;
  lines(): readonly string[];
} {
  const kinds = new Map<string, Kind>();
  let count = 0;
  let untold = 0;
  return {
    add(place, messages) {
      count++;
      const message = messages.join('; ');
      // What was found instead differs from line to line; the mistake does not.
      const id = message
        .replace(/(?<= is | run | of )("(?:[^"\\]|\\.)*"|-?[\d.]+)/g, '')
        .replace(/\S+:\d+/g, '');
      const known = kinds.get(id);
      if (known) {
        known.count++;
        if (known.places.length < MAX_PLACES) known.places.push(place);
      } else if (kinds.size < MAX_KINDS) kinds.set(id, { message, places: [place], count: 1 });
      else untold++;
    },
    count: () => count,
    lines() {
      const lines: string[] = [];
      for (const { message, places, count: times } of kinds.values()) {
        const more = times > places.length ? ` and ${times - places.length} more` : '';
        lines.push(sanitizeLine(`${places.join(', ')}${more}: ${message}`));
      }
      if (untold > 0) lines.push(`... and ${untold} more`);
      return lines;
    },
  };
}
