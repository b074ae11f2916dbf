// An input as it is written: text, chat messages, or the parts of one message of the user. What comes out is text or messages.
import type { ChatMessage } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { mistakesOf, type SchemaMistake } from '../errors/validate.ts';

export type RawInput = string | readonly JsonObject[];

/** Whichever has a role is a message: a list is of parts where none has one and one says what kind of part it is. */
export function isOfParts(input: RawInput | undefined): boolean {
  if (input === undefined || typeof input === 'string') return false;
  return (
    !input.some((item) => Object.hasOwn(item, 'role')) && input.some((item) => Object.hasOwn(item, 'type'))
  );
}

/** What the schema of a scenario leaves to its items. Paths start at the scenario. */
export function inputMistakes(input: RawInput | undefined): readonly SchemaMistake[] {
  if (input === undefined || typeof input === 'string') return NONE;
  const shape = isOfParts(input) ? 'part' : 'said';
  return input.flatMap((item, index) =>
    mistakesOf(shape, item).map((mistake) => ({ ...mistake, path: ['input', index, ...mistake.path] })),
  );
}

export function asMessages(input: RawInput): string | readonly ChatMessage[] {
  if (typeof input === 'string') return input;
  return isOfParts(input) ? [{ role: 'user', content: input }] : (input as unknown as readonly ChatMessage[]);
}

const NONE: readonly never[] = [];
