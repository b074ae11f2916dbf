// What is said once for many answers: by a line of metadata, for the lines below it, and by a file's name. By our names.
import type { Json, JsonObject } from '../core/json.ts';
import { hasAnswer, readAnswer } from './answer.ts';
import { type Ours, USUAL } from './names.ts';
import { textOf, valueAt } from './values.ts';

const TYPES = new Set([
  ...[
    'metadata',
    'run_metadata',
    'meta',
    'header',
    'run_header',
    'run_info',
    'run_start',
    'session',
    'config',
  ],
  ...['session_start', 'experiment'],
]);

/** What a line of metadata may say for the others. */
const SAID: readonly Ours[] = ['variant', 'run', 'model', 'temperature', 'seed', 'system', 'provider'];

/** null = the line is no metadata: it names a scenario, or is an answer. */
export function metadataIn(line: JsonObject, fields: { readonly [ours: string]: string }): JsonObject | null {
  const at = (ours: Ours): Json | undefined => {
    const mapped = Object.hasOwn(fields, ours) ? [fields[ours]!] : USUAL[ours];
    return mapped.map((name) => valueAt(line, name)).find((value) => value !== undefined && value !== null);
  };
  const type = textOf(line.type) ?? textOf(line.kind) ?? textOf(line.event) ?? textOf(line.record_type);
  const isNamed = type !== null && TYPES.has(type);
  if (!isNamed) {
    // Of a line that is called nothing, a name or an id is a scenario.
    if (at('scenario') !== undefined || !SAID.some((ours) => at(ours) !== undefined)) return null;
    const told = readAnswer(line, { fields, setting: () => '' });
    if (hasAnswer(told) || told.text !== null || told.error !== null) return null;
  }
  const found = SAID.flatMap((ours) => {
    const value = at(ours);
    return value === undefined ? [] : [[ours, value] as const];
  });
  return Object.fromEntries(found);
}

/** `applike_run2.jsonl` -> {variant: applike, run: 2}; a name without a number is a variant only where it is one that is known. */
export function metadataOfName(file: string, known: ReadonlySet<string>): JsonObject {
  const stem = file.replace(/^.*[\\/]/, '').replace(/(\.(jsonl?|ndjson|csv|txt))+$/i, '');
  const numbered =
    /^(.*?)[._-]?(?:run|rep|repetition|trial|epoch|iteration|iter|attempt)[._-]?(\d{1,6})$/i.exec(stem);
  const name = numbered ? numbered[1]! : stem;
  const variant = known.has(name)
    ? name
    : numbered && name !== '' && known.size === 0
      ? name
      : longestIn(name, known);
  return {
    ...(variant === null ? {} : { variant }),
    ...(numbered ? { run: Number(numbered[2]) } : {}),
  };
}

/** `openai_applike`, `results-applike`: a known variant that stands by itself in the name, the longest of these. */
function longestIn(name: string, known: ReadonlySet<string>): string | null {
  const found = [...known].filter((variant) => {
    const at = name.indexOf(variant);
    const end = at + variant.length;
    return (
      at >= 0 &&
      (at === 0 || /[._-]/.test(name[at - 1]!)) &&
      (end === name.length || /[._-]/.test(name[end]!))
    );
  });
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}
