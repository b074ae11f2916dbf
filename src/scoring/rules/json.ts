// The answer is JSON: of a schema, with these values, equal to that.
import type { Json } from '../../core/json.ts';
import type { Check } from '../../core/scoring.ts';
import { equal } from '../reading/equal.ts';
import { type Answer, CannotJudge, type MatchResult, matchResult } from '../reading/match-result.ts';
import { type JsonRead, readJsonValues } from '../reading/parse-json.ts';
import { valueAt } from './json-path.ts';
import { valueMistake } from './value.ts';
import { clip, quote, show } from './words.ts';

type JsonCheck = Extract<Check, { kind: 'json' }>;

/** @throws CannotJudge where an answer holds several values, and not all of them are right or wrong */
export function holdJson(check: JsonCheck, answer: Answer): MatchResult {
  const { output } = answer;
  const held = readJsonValues(output.text).map((read) => holdValue(check, read, answer));
  const last = held.at(-1);
  if (last === undefined) return matchResult(false, `expected JSON, found ${quote(output.text)}`);
  if (held.every(({ score }) => score === last.score)) return last;
  throw new CannotJudge(
    `the answer holds ${held.length} JSON values, and only some are as expected: which one is meant cannot be told`,
  );
}

function holdValue(
  check: JsonCheck,
  { value, exact }: JsonRead,
  { schemas }: Pick<Answer, 'schemas'>,
): MatchResult {
  const mistakes = [
    ...(check.schema === null
      ? []
      : schemas(check.schema)(value)
          .slice(0, 3)
          .map((mistake) => clip(mistake, 120))),
    ...Object.entries(check.values).flatMap(([path, wanted]) => {
      const mistake = valueMistake(valueAt(exact, path), wanted, { schemas, nearest: valueAt(value, path) });
      return mistake === null ? [] : [`${clip(path, 60)} ${mistake}`];
    }),
    ...(isDifferent(check, exact) ? [`expected ${show(check.equals)}, found ${show(exact)}`] : []),
  ];
  return matchResult(
    mistakes.length === 0,
    mistakes.length === 0 ? `is JSON as expected: ${show(exact)}` : mistakes.join('; '),
  );
}

function isDifferent(check: JsonCheck, value: Json): boolean {
  return Object.hasOwn(check, 'equals') && !equal(value, check.equals);
}
