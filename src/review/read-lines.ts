// Text of a review's files -> its types, or what is wrong in words. Outside data until the schema says otherwise.
import type { JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type {
  ClosedReview,
  DeckCard,
  DeckHead,
  ProtocolFile,
  SealedKey,
  VerdictLine,
} from '../core/review.ts';
import { parseExactObject } from '../core/untrusted-json.ts';
import {
  checkClosedReview,
  checkDeckCard,
  checkDeckHead,
  checkProtocolFile,
  checkSealedKey,
  checkVerdictLine,
} from './generated/review-check.ts';

/** Read after the name of a file or a line: `is not valid JSON`. */
export type Read<Value> = Result<Value, string>;

export const readDeckHead = (text: string): Read<DeckHead> => readAs(text, checkDeckHead);
export const readDeckCard = (text: string): Read<DeckCard> => readAs(text, checkDeckCard);
export const readVerdictLine = (text: string): Read<VerdictLine> => readAs(text, checkVerdictLine);
export const readSealedKey = (text: string): Read<SealedKey> => readAs(text, checkSealedKey);
export const readProtocolFile = (text: string): Read<ProtocolFile> => readAs(text, checkProtocolFile);
export const readClosedReview = (text: string): Read<ClosedReview> => readAs(text, checkClosedReview);

/** As ajv writes it: its errors hang on the function. */
type Check = {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
};
type SchemaError = {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: JsonObject;
};

function readAs<Value>(text: string, checkOfSchema: unknown): Read<Value> {
  const check = checkOfSchema as Check;
  // What was dealt is read as it was written: a number that a model gave may be longer than people may write.
  const read = parseExactObject(text);
  if (read.kind === 'err') return err('is damaged: it is not the object in JSON that was written');
  if (check(read.value)) return ok(read.value as Value);
  return err(wordsOf(check.errors?.[0] ?? null, read.value));
}

/** Newer versions are no damage. */
function wordsOf(error: SchemaError | null, value: unknown): string {
  const version = (value as { v?: unknown } | null)?.v;
  if (typeof version === 'number' && version > 1) {
    return `is of format ${version}, and this expgraph reads format 1: update expgraph`;
  }
  if (error === null) return 'is not what it should be';
  const where = error.instancePath === '' ? '' : ` at ${error.instancePath.slice(1).replaceAll('/', '.')}`;
  const { missingProperty, additionalProperty } = error.params;
  if (missingProperty !== undefined) return `lacks ${JSON.stringify(missingProperty)}${where}`;
  if (additionalProperty !== undefined)
    return `has ${JSON.stringify(additionalProperty)}${where}, which does not belong there`;
  return `does not fit schema/review.schema.json${where} (${error.keyword})`;
}
