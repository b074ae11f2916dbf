// One value held against a check: which of its fields does not hold, in words.
import type { Json, JsonObject } from '../../core/json.ts';
import type { ValueCheck } from '../../core/scoring.ts';
import { equal, fold, sameItems } from '../reading/equal.ts';
import { digitsOf } from '../reading/long-digits.ts';
import type { SchemaSource } from '../reading/match-result.ts';
import { parseMoment, timeOfDay } from '../reading/moment.ts';
import { compilePattern } from './pattern.ts';
import { clip, show, showCheck } from './words.ts';

type With = {
  readonly schemas: SchemaSource;
  /** The value with long whole numbers as the nearest doubles, which is how schemas and bounds know them. */
  readonly nearest?: Json | undefined;
};

/** null: all fields hold. */
export function valueMistake(
  value: Json | undefined,
  check: ValueCheck,
  { schemas, nearest }: With,
): string | null {
  if (value === undefined)
    return check.present === false ? null : `is not there, expected ${showCheck(check)}`;
  for (const [name, wanted] of Object.entries(check) as [keyof ValueCheck, Json][]) {
    if (holds(name, { value, wanted, schemas, nearest: nearest ?? value })) continue;
    const found = `is ${show(value)}${typeof value === 'string' && typeof wanted === 'number' ? ', a text' : ''}`;
    if (name === 'schema')
      return `${found}: ${clip(schemas(wanted as JsonObject)(nearest ?? value)[0] ?? '', 120)}`;
    return `${found}, expected ${showCheck({ [name]: wanted })}`;
  }
  return null;
}

type Held = {
  readonly value: Json;
  readonly nearest: Json;
  readonly wanted: Json;
  readonly schemas: SchemaSource;
};

function holds(name: keyof ValueCheck, { value, nearest, wanted, schemas }: Held): boolean {
  switch (name) {
    case 'equals':
      return equal(value, wanted);
    case 'contains':
      return isWord(value) && fold(digitsOf(value)).includes(fold(wanted as string));
    case 'regex':
      return isWord(value) && compilePattern(wanted as string).test(digitsOf(value));
    case 'schema':
      return schemas(wanted as JsonObject)(nearest).length === 0;
    case 'one_of':
      return (wanted as readonly Json[]).some((one) => equal(value, one));
    case 'same_items':
      return Array.isArray(value) && sameItems(value, wanted as readonly Json[]);
    case 'at_least':
      return typeof nearest === 'number' && nearest >= (wanted as number);
    case 'at_most':
      return typeof nearest === 'number' && nearest <= (wanted as number);
    case 'at':
      return compareMoments(value, wanted) === 0;
    case 'before':
      return compareMoments(value, wanted) < 0;
    case 'after':
      return compareMoments(value, wanted) > 0;
    case 'time':
      return typeof value === 'string' && timeOfDay(value) === timeOfDay(wanted as string);
    case 'present':
      return wanted === true;
  }
}

/** Numbers are texts to a pattern; lists and maps are not. */
function isWord(value: Json): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** NaN where one of them is no moment: then nothing holds. */
function compareMoments(value: Json, wanted: Json): number {
  const at = typeof value === 'string' ? parseMoment(value) : null;
  const other = parseMoment(wanted as string);
  return at === null || other === null ? Number.NaN : at - other;
}
