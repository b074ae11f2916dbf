// One rule as written -> its check: the scorer's manner, then the scenario's, then what is expected.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Check } from '../../core/scoring.ts';
import { decimalOf, isLong, numberOf } from '../reading/decimal.ts';
import { isLocale } from '../reading/separators.ts';
import { FLAGS, patternProblem } from '../rules/pattern.ts';
import { RULES, type SingleRule } from '../rules/rules.ts';
import { type At, inside, say, sayUnknown } from './problem.ts';
import { readAutoevals } from './read-autoevals.ts';
import { type ResolveIntent, readArguments, readCalls } from './read-calls.ts';
import { isNumberText, isScalar, widen } from './widen.ts';

export type Reader = { readonly at: At; readonly resolve: ResolveIntent };

/** null: problems were told. `manner` is the scorer's, for what the expectation leaves open. */
export function readRule(
  kind: SingleRule,
  input: { readonly value: Json; readonly manner: JsonObject; readonly reader: Reader },
): Check | null {
  const { at } = input.reader;
  const own = widen(kind, input.value);
  if (own === null)
    return say(at, {
      message: `${JSON.stringify(kind)} is ${FORMS[kind]}`,
      hint: emptyHint(kind, input.value),
    });
  const { content, manner } = RULES[kind];
  const isSound = checkManner(kind, { written: own, at });
  sayUnknown(at, { keys: Object.keys(own), known: [...content, ...Object.keys(manner)] });
  return isSound
    ? readContent(kind, { full: { ...input.manner, ...own }, written: input.value, reader: input.reader })
    : null;
}

export const FORMS: { readonly [kind in SingleRule]: string } = {
  exact: 'a text, a list of texts, or { text, trim, ignore_case }',
  contains: 'a text, a list of texts, or { all, any, none, ignore_case }',
  regex: 'a pattern, a list of patterns, or { pattern, flags, matches }',
  json: 'true, or { schema, values, equals }',
  tool_calls: 'a list of calls, none, or { calls, order, extra }',
  numeric: 'a number, or { value, tolerance, relative, locale }',
  clarify: 'true or false',
  finish_reason: 'a word such as stop or length, or a list of them',
  refused: 'true or false',
  autoevals: 'the name of a scorer, or { scorer, expected, options }',
};

function emptyHint(kind: SingleRule, value: Json): string | null {
  return value === null && kind === 'tool_calls' ? 'for no call at all write: tool_calls: []' : null;
}

type MannerCheck = readonly [(value: Json) => boolean, string];

const BOOLEAN: MannerCheck = [(value) => typeof value === 'boolean', 'true or false'];
const oneOf = (words: readonly string[]): MannerCheck => [
  (value) => words.includes(value as string),
  `one of ${words.join(', ')}`,
];

const MANNERS: { readonly [name: string]: MannerCheck } = {
  trim: BOOLEAN,
  ignore_case: BOOLEAN,
  matches: BOOLEAN,
  flags: [
    (value) => typeof value === 'string' && [...value].every((flag) => FLAGS.includes(flag)),
    `letters of ${FLAGS.join(', ')}; u and s always hold`,
  ],
  order: oneOf(['any', 'given']),
  extra: oneOf(['allowed', 'refused']),
  tolerance: [(value) => typeof value === 'number' && value >= 0, 'a number that is not negative'],
  relative: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a share 0..1'],
  locale: [
    (value) => value === '' || (typeof value === 'string' && isLocale(value)),
    'a language tag such as en, de or en-IN',
  ],
  options: [isJsonObject, 'a map'],
  scorer: [(value) => typeof value === 'string', 'the name of a scorer'],
};

/** Whether what is written of the manner can be used. */
export function checkManner(
  kind: SingleRule,
  input: { readonly written: JsonObject; readonly at: At },
): boolean {
  let sound = true;
  for (const name of Object.keys(RULES[kind].manner)) {
    if (!Object.hasOwn(input.written, name)) continue;
    const [isRight, words] = MANNERS[name]!;
    if (isRight(input.written[name] ?? null)) continue;
    sound = false;
    say(inside(input.at, name), { message: `${JSON.stringify(name)} is ${words}` });
  }
  return sound;
}

/** `written`: as it stands, for places. */
type Content = { readonly full: JsonObject; readonly written: Json; readonly reader: Reader };

function readContent(kind: SingleRule, content: Content): Check | null {
  switch (kind) {
    case 'exact':
      return readExact(content);
    case 'contains':
      return readContains(content);
    case 'regex':
      return readRegex(content);
    case 'json':
      return readJson(content);
    case 'tool_calls':
      return readCalls(content.full, { ...content.reader, written: content.written });
    case 'numeric':
      return readNumeric(content);
    case 'clarify':
      return typeof content.full.clarify === 'boolean'
        ? { kind: 'clarify', clarify: content.full.clarify }
        : say(content.reader.at, { message: `"clarify" is ${FORMS.clarify}` });
    case 'finish_reason': {
      const words = textsOf(content.full.words);
      return words !== null && words.length > 0 && !words.includes('')
        ? { kind: 'finish_reason', words }
        : say(content.reader.at, { message: `"finish_reason" is ${FORMS.finish_reason}` });
    }
    case 'refused':
      return typeof content.full.refused === 'boolean'
        ? { kind: 'refused', refused: content.full.refused }
        : say(content.reader.at, { message: `"refused" is ${FORMS.refused}` });
    case 'autoevals':
      return readAutoevals(content.full, content.reader.at);
  }
}

function readExact({ full, reader }: Content): Check | null {
  const texts = textsOf(full.text);
  if (texts === null || texts.length === 0)
    return say(inside(reader.at, 'text'), { message: '"exact" has no text to compare with' });
  const checks = texts.map(
    (text): Check => ({
      kind: 'exact',
      text,
      trim: full.trim as boolean,
      ignoreCase: full.ignore_case as boolean,
    }),
  );
  return joined('any', checks);
}

function readContains({ full, reader }: Content): Check | null {
  const lists = {
    all: textsOf(full.all ?? []),
    any: textsOf(full.any ?? []),
    none: textsOf(full.none ?? []),
  };
  for (const [name, list] of Object.entries(lists)) {
    if (list === null || list.includes('')) {
      return say(inside(reader.at, name), {
        message: `${JSON.stringify(name)} is a text or a list of texts, none of them empty`,
      });
    }
  }
  if (Object.values(lists).every((list) => list!.length === 0)) {
    return say(reader.at, { message: '"contains" names no text', hint: 'write all, any or none' });
  }
  return {
    kind: 'contains',
    all: lists.all!,
    any: lists.any!,
    none: lists.none!,
    ignoreCase: full.ignore_case as boolean,
  };
}

function readRegex({ full, reader }: Content): Check | null {
  const patterns = Array.isArray(full.pattern) ? (full.pattern as readonly Json[]) : [full.pattern];
  if (patterns.length === 0) return say(reader.at, { message: '"regex" has no pattern' });
  const checks: Check[] = [];
  for (const pattern of patterns) {
    if (typeof pattern !== 'string' || pattern === '')
      return say(reader.at, { message: '"regex" has no pattern' });
    const problem = patternProblem(pattern, full.flags as string);
    if (problem !== null) {
      return say(reader.at, { code: 'bad-pattern', message: `this pattern ${problem}`, hint: PATTERN_HINT });
    }
    checks.push({ kind: 'regex', pattern, flags: full.flags as string, matches: full.matches as boolean });
  }
  return joined('all', checks);
}

const PATTERN_HINT =
  "patterns are JavaScript's, with the flag u: only marks of the syntax are escaped; (?i) at the start ignores case";

function readJson({ full, reader }: Content): Check | null {
  const { schema = null, values = {} } = full;
  if (schema !== null && !isJsonObject(schema)) {
    return say(inside(reader.at, 'schema'), {
      message: '"schema" is a JSON Schema: a map',
      hint:
        typeof schema === 'string'
          ? 'a file can be named by a scorer of the manifest: json: { schema: answer.schema.json }'
          : null,
    });
  }
  if (schema !== null) reader.at.sawSchema(schema, [...reader.at.path, 'schema']);
  const checks = readArguments(values, inside(reader.at, 'values'));
  if (checks === null) return null;
  const equals = Object.hasOwn(full, 'equals') ? { equals: full.equals ?? null } : {};
  return { kind: 'json', schema, values: checks, ...equals };
}

function readNumeric({ full, reader }: Content): Check | null {
  const written = full.value;
  const wanted =
    typeof written === 'number' || isNumberText(written) ? decimalOf(String(written).trim()) : null;
  if (wanted === null) return say(reader.at, { message: `"numeric" is ${FORMS.numeric}` });
  return {
    kind: 'numeric',
    value: numberOf(wanted),
    // What YAML made of a number without quotes has lost them already.
    ...(typeof written === 'string' && isLong(wanted) ? { digits: written.trim() } : {}),
    ...(full.locale === '' || full.locale === undefined ? {} : { locale: full.locale as string }),
    tolerance: full.tolerance as number,
    relative: full.relative as number,
  };
}

/** null = something that is no text. */
function textsOf(value: Json | undefined): readonly string[] | null {
  if (isScalar(value)) return [String(value)];
  if (!Array.isArray(value) || !value.every(isScalar)) return null;
  return value.map(String);
}

export function joined(kind: 'all' | 'any', checks: readonly Check[]): Check {
  return checks.length === 1 ? checks[0]! : { kind, of: checks };
}
