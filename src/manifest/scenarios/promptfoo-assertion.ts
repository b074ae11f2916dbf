// One assertion as promptfoo writes it in a cell of CSV, `not-contains-any: sorry, cannot`, -> the rule that judges the same,
// or what to write instead. Data of others: nothing of it is run, and no file is read because it names one.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { readStrictJson } from '../../core/strict-json.ts';

export type Assertion =
  | { readonly kind: 'rule'; readonly rule: JsonObject; readonly note: string | null }
  | { readonly kind: 'rubric'; readonly text: string }
  | { readonly kind: 'none'; readonly type: string; readonly instead: string };

/** A cell that repeats a long variable many times would be larger than memory. */
const MAX_CHARS = 1_000_000;

/** @param variables the row's own, which promptfoo fills into its assertions */
export function assertionOf(cell: string, variables: ReadonlyMap<string, string>): Assertion {
  const written = cell.trim();
  const code = /^(?:not-)?(?:javascript|fn|eval|python|ruby|file(?=:\/\/)):/.exec(written)?.[0];
  if (code !== undefined) return none(code.slice(0, -1), CODE);
  const { type, isNot, text } = splitOf(written);
  return assertionFrom({ type, isNot, value: text ?? '' }, variables);
}

/** As it stands in a config: a type and a value that may be a list, a schema or any JSON. */
export type WrittenAssertion = { readonly type: string; readonly isNot: boolean; readonly value: Json };

export function assertionFrom(
  { type, isNot, value: written }: WrittenAssertion,
  variables: ReadonlyMap<string, string>,
): Assertion {
  const value = filledIn(written, variables);
  if (value === null) return none(type, 'a template with filters or blocks is not filled in: write the text');
  const own = OTHERS[type];
  if (own !== undefined) return none(type, own);
  if (RUBRICS.has(type) && typeof value === 'string' && value !== '')
    return isNot
      ? none(`not-${type}`, 'say the contrary as a rubric: llm-rubric: ...')
      : { kind: 'rubric', text: RUBRICS.get(type)!(value) };
  const rule = typeof value === 'string' ? ruleOf(type, value) : structuredRule(type, value);
  if (rule === null)
    return none(
      type,
      JSON_TYPES.has(type) ? 'behind the colon stands a JSON Schema' : 'write a text behind the colon',
    );
  const note =
    type === 'contains-json'
      ? 'is read as json: the whole answer is JSON, or holds it in a fenced block or between words'
      : null;
  return { kind: 'rule', rule: isNot ? { not: rule } : rule, note };
}

/** Whether promptfoo has an assertion of this name, `not-` left out. */
export function isAssertionType(type: string): boolean {
  return isType(type);
}

/** Lists, schemas and values, which a cell of a table writes as text. */
function structuredRule(type: string, value: Json): JsonObject | null {
  if (JSON_TYPES.has(type)) return isJsonObject(value) ? { json: { schema: value } } : null;
  if (type === 'equals')
    return typeof value === 'object' && value !== null
      ? { json: { equals: value } }
      : { exact: { text: String(value), trim: false } };
  const list = Array.isArray(value) ? (value as readonly Json[]) : null;
  if (list === null) return typeof value === 'number' ? ruleOf(type, String(value)) : null;
  if (type === 'finish-reason') return { finish_reason: list };
  const texts = list.map(String).filter((item) => item !== '');
  if (texts.length === 0) return null;
  const of = /^(i?)contains-(any|all)$/.exec(type);
  return of === null ? null : { contains: { [of[2]!]: texts, ignore_case: of[1] === 'i' } };
}

/** Every text in it. null: one asks for more than a variable. */
function filledIn(value: Json, variables: ReadonlyMap<string, string>): Json | null {
  if (typeof value === 'string') return filled(value, variables);
  if (Array.isArray(value)) {
    const all = (value as readonly Json[]).map((item) => filledIn(item, variables));
    return all.some((item, i) => item === null && value[i] !== null) ? null : all;
  }
  return value;
}

const CODE =
  'judge it by own code: scorers: [expect, { use: ./score.ts }]; its text is in the expectation under "promptfoo"';

function none(type: string, instead: string): Assertion {
  return { kind: 'none', type, instead };
}

const contains = (value: Json, ignoring: boolean): JsonObject => ({
  contains: { all: value, ignore_case: ignoring },
});
const anyOf = (value: string, ignoring: boolean): JsonObject => ({
  contains: { any: itemsOf(value), ignore_case: ignoring },
});

const RULES: { readonly [type: string]: ((value: string) => JsonObject) | undefined } = {
  equals: (text) => ({ exact: { text, trim: false } }),
  contains: (value) => contains(value, false),
  icontains: (value) => contains(value, true),
  'contains-all': (value) => contains(itemsOf(value), false),
  'icontains-all': (value) => contains(itemsOf(value), true),
  'contains-any': (value) => anyOf(value, false),
  'icontains-any': (value) => anyOf(value, true),
  regex: (pattern) => ({ regex: { pattern } }),
  'finish-reason': (word) => ({ finish_reason: word }),
  'starts-with': (value) => ({ regex: { pattern: `^${value.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&')}` } }),
};

const RUBRICS: ReadonlyMap<string, (value: string) => string> = new Map([
  ['llm-rubric', (value: string) => value],
  ['grade', (value: string) => value],
  ['model-graded-closedqa', (value: string) => value],
  ['factuality', agreesWith],
  ['model-graded-factuality', agreesWith],
]);

function agreesWith(value: string): string {
  return `Does not contradict these facts: ${value}`;
}

const JUDGE = 'let a judge tell: llm-rubric: ...';
const OWN = 'judge it by own code: scorers: [expect, { use: ./score.ts }]';
const NEAR =
  'a rule of nearness is scorers: [{ autoevals: Levenshtein }], with a text under expect; or llm-rubric: Says the same as ...';

/** What promptfoo has and no rule here tells. */
const OTHERS: { readonly [type: string]: string | undefined } = {
  similar: NEAR,
  levenshtein: NEAR,
  ...Object.fromEntries(['rouge-n', 'bleu', 'gleu', 'meteor'].map((type) => [type, NEAR])),
  cost: 'money is held by a gate: gate: { cost: "<= 0.5" }',
  latency: 'times are in the tables of status and compare, and no verdict on an answer',
  ...Object.fromEntries(
    ['answer-relevance', 'context-faithfulness', 'context-recall', 'context-relevance', 'g-eval']
      .concat(['conversation-relevance', 'is-refusal', 'select-best', 'moderation', 'guardrails', 'pi'])
      .map((type) => [type, JUDGE]),
  ),
  ...Object.fromEntries(
    ['classifier', 'perplexity', 'perplexity-score', 'webhook', 'is-sql', 'contains-sql', 'is-xml']
      .concat(['contains-xml', 'is-html', 'contains-html', 'word-count', 'trace-error-spans'])
      .concat(['is-valid-function-call', 'is-valid-openai-function-call', 'is-valid-openai-tools-call'])
      .concat(['trace-span-count', 'trace-span-duration', 'tool-call-f1', 'max-score', 'human'])
      .map((type) => [type, OWN]),
  ),
};

/** What begins with no word of promptfoo's is the text that is expected, as there. */
function splitOf(written: string): { type: string; isNot: boolean; text: string | undefined } {
  const found = /^(not-)?([a-z][a-z0-9-]{0,40})(?:\(\d+(?:\.\d+)?\))?(?::([\s\S]*))?$/.exec(written);
  const type = found?.[2] ?? '';
  if (!isType(type)) return { type: 'equals', isNot: false, text: written };
  return { type, isNot: found![1] !== undefined, text: found![3]?.trim() };
}

function isType(type: string): boolean {
  return (
    Object.hasOwn(RULES, type) || Object.hasOwn(OTHERS, type) || RUBRICS.has(type) || JSON_TYPES.has(type)
  );
}

const JSON_TYPES: ReadonlySet<string> = new Set(['is-json', 'contains-json']);

/** null: there is nothing to hold an answer against. */
function ruleOf(type: string, value: string): JsonObject | null {
  if (JSON_TYPES.has(type)) {
    if (value === '') return { json: true };
    const read = readStrictJson(value);
    return read.kind === 'ok' ? { json: { schema: read.value as Json } } : null;
  }
  if (value === '' || (/-(?:any|all)$/.test(type) && itemsOf(value).length === 0)) return null;
  return RULES[type]?.(value) ?? null;
}

function itemsOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `{{topic}}` is the row's own; what is filled in is not looked at again. null: it asks for more than that. */
function filled(text: string, variables: ReadonlyMap<string, string>): string | null {
  if (!/\{[{%#]/.test(text)) return text;
  let isWhole = true;
  let size = 0;
  const said = text.replace(/\{\{([^{}]*)\}\}|\{[{%#]/g, (_, name: string | undefined) => {
    const value = name === undefined ? undefined : variables.get(name.trim());
    if (value === undefined || size > MAX_CHARS) isWhole = false;
    size += value?.length ?? 0;
    return isWhole ? value! : '';
  });
  return isWhole && size <= MAX_CHARS ? said : null;
}
