// Scores that an answer came with: what another program said of it, as its record holds it among the answer's properties. Its
// own word and nobody's here, so that it counts only where a scorer `precomputed` takes it. Anybody's data: bounded. Pure.
import { isJsonObject, type Json, type JsonObject } from './json.ts';

export type Precomputed = {
  /** As it was given, on whatever scale; null = it gives none. */
  readonly score: number | null;
  /** null = it does not say. */
  readonly passed: boolean | null;
  readonly label: string | null;
  readonly reason: string | null;
};

const MAX_SCORES = 100;
const MAX_NAME = 200;
const MAX_LABEL = 200;
const MAX_REASON = 2_000;

/**
 * Of a record's `output`, by name: `properties.scores` (Inspect's form, or a value a name), `properties.promptfoo` (as `promptfoo`,
 * and each named score) and `properties.deepeval`. Empty = it came with none.
 */
export function precomputedOf(output: unknown): ReadonlyMap<string, Precomputed> {
  const found = new Map<string, Precomputed>();
  const properties = objectOf(memberOf(output, 'properties'));
  const add = (name: string, said: Precomputed | null): void => {
    if (said === null || name === '' || name.length > MAX_NAME || found.size >= MAX_SCORES) return;
    if (!found.has(name)) found.set(name, said);
  };
  for (const [name, value] of Object.entries(objectOf(properties.scores))) {
    for (const [below, one] of valuesOf(value ?? null))
      add(below === null ? name : `${name}.${below}`, saidBy(one));
  }
  const promptfoo = objectOf(properties.promptfoo);
  if (Object.keys(promptfoo).length > 0) {
    add('promptfoo', saidBy({ score: promptfoo.score ?? null, passed: promptfoo.success ?? null }));
    for (const [name, value] of Object.entries(objectOf(promptfoo.named_scores)))
      add(name, saidBy(value ?? null));
  }
  for (const metric of Array.isArray(properties.deepeval) ? properties.deepeval : []) {
    const { name, score = null, success = null, reason = null } = objectOf(metric);
    if (typeof name === 'string') add(name, saidBy({ score, passed: success, reason }));
  }
  return found;
}

/** A grader of Inspect may give several values at once: `{value: {fluency: 4, tone: 5}}`. */
function* valuesOf(value: Json): Generator<readonly [string | null, Json]> {
  const inner = objectOf(value).value;
  if (!isJsonObject(inner)) return yield [null, value];
  for (const [name, one] of Object.entries(inner)) yield [name, { ...objectOf(value), value: one ?? null }];
}

function saidBy(value: Json): Precomputed | null {
  const of = isJsonObject(value) ? value : { value };
  const { value: held = null, score = held, passed: told, pass = told } = of;
  const passed = typeof pass === 'boolean' ? pass : typeof score === 'boolean' ? score : null;
  const label = [of.label, typeof score === 'string' ? score : null].find((one) => typeof one === 'string');
  const reason = [of.reason, of.explanation, of.comment].find((one) => typeof one === 'string');
  const said = {
    score: numberOf(score),
    passed,
    label: typeof label === 'string' ? label.slice(0, MAX_LABEL).toWellFormed() : null,
    reason: typeof reason === 'string' && reason !== '' ? reason.slice(0, MAX_REASON).toWellFormed() : null,
  };
  return said.score === null && said.passed === null && said.label === null ? null : said;
}

/** As Inspect's value_to_float reads them (inspect_ai/scorer/_metric.py). */
const LETTERS: { readonly [value: string]: number } = { C: 1, I: 0, P: 0.5, N: 0 };
const WORDS: { readonly [value: string]: number } = { yes: 1, true: 1, no: 0, false: 0 };

function numberOf(value: Json): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (Object.hasOwn(LETTERS, text)) return LETTERS[text]!;
  if (Object.hasOwn(WORDS, text.toLowerCase())) return WORDS[text.toLowerCase()]!;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : null;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value as Json) ? (value as JsonObject) : {};
}

function memberOf(value: unknown, name: string): unknown {
  const object = objectOf(value);
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
