// What a scorer of the package autoevals is given to compare with.
import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Check } from '../../core/scoring.ts';
import { AUTOEVALS, AUTOEVALS_WITH_MODEL } from '../rules/rules.ts';
import { type At, inside, say } from './problem.ts';

export function readAutoevals(full: JsonObject, input: At): Check | null {
  const scorer = full.scorer as string;
  if (!isKnownAutoeval(scorer, input)) return null;
  const expected = full.expected ?? null;
  const problem = PROBLEMS[AUTOEVALS[scorer]!](expected);
  if (problem !== null) return say(inside(input, 'expected'), { message: `${scorer} expects ${problem}` });
  return { kind: 'autoevals', scorer, expected, options: (full.options ?? {}) as JsonObject };
}

/** Whether it is one of those that call no model; if not, that is told. */
export function isKnownAutoeval(scorer: string, input: At): boolean {
  if (Object.hasOwn(AUTOEVALS, scorer)) return true;
  const known = Object.keys(AUTOEVALS);
  if (AUTOEVALS_WITH_MODEL.includes(scorer)) {
    say(input, {
      code: 'wrong-value',
      message: `${scorer} of autoevals calls a model by itself, outside of lanes, budget and keys`,
      hint: 'write a judge with a rubric instead',
    });
  } else {
    say(input, {
      ...{
        code: 'unknown-autoeval',
        message:
          scorer === '' ? '"autoevals" names no "scorer"' : `autoevals has no ${JSON.stringify(scorer)}`,
      },
      ...{ hint: `known here: ${known.join(', ')}`, guess: scorer === '' ? null : { name: scorer, known } },
    });
  }
  return false;
}

const PROBLEMS: { readonly [kind in (typeof AUTOEVALS)[string]]: (expected: Json) => string | null } = {
  text: (expected) => (typeof expected === 'string' ? null : 'a text'),
  number: (expected) => (typeof expected === 'number' ? null : 'a number'),
  list: (expected) =>
    Array.isArray(expected) && expected.every((item) => typeof item === 'string') ? null : 'a list of texts',
  json: (expected) => (expected === null ? 'a value to compare with' : null),
  schema: (expected) => (expected === null || isJsonObject(expected) ? null : 'a JSON Schema, or nothing'),
};
