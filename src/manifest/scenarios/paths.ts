// Paths where scenarios hold text. Scenarios are data, often of others: no file is read because they name it.
import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonPath } from '../errors/place.ts';
import { fileNamedBy, pathWords } from '../path-as-text.ts';
import type { Reading } from '../reading.ts';
import type { FoundScenario } from './scenarios.ts';

const HINT = 'a scenario holds the text itself: in YAML "input: |" takes many lines; no file is read for it';

export function warnOfPaths(reading: Reading, scenarios: readonly FoundScenario[]): void {
  const { folder, findings } = reading;
  for (const { scenario, index, locate } of scenarios) {
    for (const { text, path } of textsOf(scenario)) {
      const named = fileNamedBy(text, folder);
      if (named === null) continue;
      const add = () => ({
        ...pathWords(text, named, HINT),
        location: locate(index, { path, part: 'value' }),
      });
      findings.add(scenario.source.file, add, `path-as-text ${path.join('.')}`);
    }
  }
}

type Found = { readonly text: string; readonly path: JsonPath };

function textsOf({ input, vars, expect }: FoundScenario['scenario']): readonly Found[] {
  const rubric = isJsonObject(expect) && typeof expect.judge === 'string' ? expect.judge : null;
  const asked: readonly Found[] =
    typeof input === 'string'
      ? [{ text: input, path: ['input'] }]
      : input.flatMap(({ content }, i) =>
          typeof content === 'string' ? [{ text: content, path: ['input', i, 'content'] }] : [],
        );
  return [
    ...asked,
    ...Object.entries(vars).flatMap(([name, value]: [string, Json | undefined]) =>
      typeof value === 'string' ? [{ text: value, path: ['vars', name] }] : [],
    ),
    ...(rubric === null ? [] : [{ text: rubric, path: ['expect', 'judge'] }]),
  ];
}
