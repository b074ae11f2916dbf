// closed.json for whoever counts what it says. Nearly every command asks for it, so the validator of the schema, which is as long as
// all formats of a review together, is left to those who check files (read-lines.ts, fsck): here what is used is looked at.
import { isJsonObject, type Json } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ClosedReview } from '../core/review.ts';

/** The error is read after the name of the file. */
export function readClosedText(text: string): Result<ClosedReview, string> {
  const value = parseObject(text);
  if (value === null) return err('is damaged');
  const { v } = value;
  if (typeof v === 'number' && v > 1)
    return err(`is of format ${v}, and this expgraph reads format 1: update expgraph`);
  const isSound =
    areStrings([value.review, value.rubric, value.closed_at]) &&
    Array.isArray(value.scores) &&
    value.scores.every(isScore) &&
    Array.isArray(value.preferences) &&
    value.preferences.every(isPreference);
  return isSound ? ok(value as unknown as ClosedReview) : err('is not what it should be');
}

function isScore(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const { scenario, answer, dimension, score, passed, labels, notes } = value;
  return (
    areStrings([scenario, answer, dimension]) &&
    typeof score === 'number' &&
    (passed === null || typeof passed === 'boolean') &&
    Array.isArray(labels) &&
    labels.every((said) => isJsonObject(said) && areStrings([said.reviewer, said.label])) &&
    Array.isArray(notes) &&
    areStrings(notes)
  );
}

function isPreference(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const { scenario, dimension, reviewer, said, left, right } = value;
  return areStrings([scenario, dimension, reviewer, said]) && [left, right].every(isSide);
}

function isSide(value: Json | undefined): boolean {
  return isJsonObject(value) && areStrings([value.variant, value.answer]) && typeof value.run === 'number';
}

function areStrings(values: readonly (Json | undefined)[]): boolean {
  return values.every((value) => typeof value === 'string');
}
