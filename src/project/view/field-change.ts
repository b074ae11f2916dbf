// One field that an edit changed, as text that a page may compare word by word.
import type { Json } from '../../core/json.ts';
import type { Change } from '../../core/task.ts';
import type { FieldChange } from '../../screens/cell.ts';

/** A system prompt is compared word by word; what is longer than that is nobody's reading. */
const MAX_CHARS = 20_000;

export function fieldChange({ part, from, to }: Change): FieldChange {
  return { path: part, from: textOf(from), to: textOf(to) };
}

function textOf(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)}…`.toWellFormed();
}
