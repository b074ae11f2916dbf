// What a page, a terminal or a file says of a card, held against the protocol: taken whole, or refused in words.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { NewVerdict, ReviewProtocol } from '../core/review.ts';
import { sanitizeLine } from '../core/text.ts';
import { mend } from '../core/untrusted-json.ts';
import { SIDES } from './sides.ts';

const MAX_NOTE_CHARS = 20_000;
const MAX_FLAGS = 20;
const MAX_FLAG_CHARS = 100;
/** A card that lay open over a week-end. */
const MAX_TOOK_MS = 7 * 24 * 3_600_000;

/** Labels that may be given, from the best; in pair mode the sides. */
export function labelsOf({ mode, labels }: Pick<ReviewProtocol, 'mode' | 'labels'>): readonly string[] {
  return mode === 'pair' ? SIDES : labels.map(({ name }) => name);
}

/** @param given from outside: anything at all */
export function checkVerdict(
  given: unknown,
  input: {
    readonly protocol: Pick<ReviewProtocol, 'mode' | 'labels' | 'dimensions'>;
    readonly cards: Iterable<string>;
  },
): Result<NewVerdict, string> {
  const read = mend(given as Json);
  if (read.kind === 'err') return err(`the verdict ${read.error}`);
  if (!isJsonObject(read.value)) return err('a verdict is an object: {"card": ..., "labels": {...}}');
  const { card, look = 1, labels, note = null, flags = [], tells = false, guess = null } = read.value;
  const { took_ms: tookMs = 0, undone } = read.value;
  if (typeof card !== 'string') return err('the verdict names no card');
  const cards = new Set(input.cards);
  if (!cards.has(card)) return err(unknown('card', { name: card, known: cards }));
  if (look !== 1 && look !== 2) return err(`"look" of ${card} is 1 or 2`);
  if (undone !== undefined && undone !== true) return err(`"undone" of ${card} is true, or is not there`);
  if (note !== null && typeof note !== 'string') return err(`the note of ${card} is no text`);
  if (note !== null && note.length > MAX_NOTE_CHARS)
    return err(`the note of ${card} has ${note.length} characters; ${MAX_NOTE_CHARS} are taken`);
  if (!isListOfWords(flags))
    return err(`"flags" of ${card} are at most ${MAX_FLAGS} words of ${MAX_FLAG_CHARS} characters`);
  if (typeof tells !== 'boolean') return err(`"tells" of ${card} is true or false`);
  if (guess !== null && (typeof guess !== 'string' || !/^(?:[A-Z]{1,2}|\?)$/.test(guess)))
    return err(`the guess of ${card} is the letter of an arm, "?" for "cannot tell", or null`);
  if (typeof tookMs !== 'number' || !(tookMs >= 0)) return err(`"took_ms" of ${card} is no time`);
  const said = undone === true ? ok({}) : checkLabels(card, labels, input.protocol);
  if (said.kind === 'err') return said;
  return ok({
    card,
    look,
    labels: said.value,
    note: note === null || note.trim() === '' ? null : note,
    flags,
    tells,
    guess,
    took_ms: Math.round(Math.min(tookMs, MAX_TOOK_MS)),
    ...(undone === true ? { undone } : {}),
  });
}

function checkLabels(
  card: string,
  labels: Json | undefined,
  protocol: Pick<ReviewProtocol, 'mode' | 'labels' | 'dimensions'>,
): Result<Readonly<Record<string, string>>, string> {
  if (!isJsonObject(labels)) return err(`the verdict of ${card} has no labels`);
  const names = protocol.dimensions.map(({ name }) => name);
  const known = labelsOf(protocol);
  for (const [dimension, label] of Object.entries(labels as JsonObject)) {
    if (!names.includes(dimension)) return err(unknown('dimension', { name: dimension, known: names }));
    if (typeof label !== 'string' || !known.includes(label))
      return err(unknown('label', { name: String(JSON.stringify(label)).slice(0, 80), known }));
  }
  const missing = names.filter((name) => !Object.hasOwn(labels, name));
  if (missing.length > 0) return err(`the verdict of ${card} says nothing of ${missing.join(', ')}`);
  return ok(Object.fromEntries(names.map((name) => [name, labels[name] as string])));
}

function isListOfWords(value: Json): value is readonly string[] & Json {
  return (
    Array.isArray(value) &&
    value.length <= MAX_FLAGS &&
    value.every((word) => typeof word === 'string' && word !== '' && word.length <= MAX_FLAG_CHARS)
  );
}

/** A name that is not there, with the one that was meant, or a few of those that there are. */
function unknown(
  what: string,
  { name, known }: { readonly name: string; readonly known: Iterable<string> },
): string {
  const names = [...known];
  const shown = sanitizeLine(name.slice(0, 80)).replaceAll('"', '');
  const meant = nearest(shown, names);
  const hint = meant === null ? ` There is ${names.slice(0, 5).join(', ')}` : ` Did you mean ${meant}?`;
  return `there is no ${what} ${JSON.stringify(shown)}.${hint}`;
}
