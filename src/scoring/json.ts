// The answer is JSON: of a schema, with these values, equal to that.
import type { Json } from '../core/json.ts';
import type { Check } from '../core/scoring.ts';
import { equal } from './equal.ts';
import { type Answer, type Holding, holding } from './holding.ts';
import { valueAt } from './json-path.ts';
import { jsonOf } from './parse-json.ts';
import { valueMistake } from './value.ts';
import { clip, quote, show } from './words.ts';

export function holdJson(check: Extract<Check, { kind: 'json' }>, { output, schemas }: Answer): Holding {
  const value = jsonOf(output.text);
  if (value === undefined) return holding(false, `expected JSON, found ${quote(output.text)}`);
  const mistakes = [
    ...(check.schema === null
      ? []
      : schemas(check.schema)(value)
          .slice(0, 3)
          .map((mistake) => clip(mistake, 120))),
    ...Object.entries(check.values).flatMap(([path, wanted]) => {
      const mistake = valueMistake(valueAt(value, path), wanted, schemas);
      return mistake === null ? [] : [`${clip(path, 60)} ${mistake}`];
    }),
    ...(isDifferent(check, value) ? [`expected ${show(check.equals)}, found ${show(value)}`] : []),
  ];
  return holding(
    mistakes.length === 0,
    mistakes.length === 0 ? `is JSON as expected: ${show(value)}` : mistakes.join('; '),
  );
}

function isDifferent(check: Extract<Check, { kind: 'json' }>, value: Json): boolean {
  return Object.hasOwn(check, 'equals') && !equal(value, check.equals);
}
