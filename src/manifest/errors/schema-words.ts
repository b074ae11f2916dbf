// A violation of the schema as a sentence and a hint.

import { didYouMean } from '../../core/nearest.ts';
import { isSecretName } from '../../core/secret-shapes.ts';
import { homeOf, knownKeys, type SchemaNode } from './schema-node.ts';
import type { Violation, Words } from './shape.ts';

export function wordsFor(violation: Violation, schema: SchemaNode | null): Words {
  const { keyword, params, value } = violation;
  const subject = subjectOf(violation);
  switch (keyword) {
    case 'additionalProperties':
    case 'propertyNames':
      return unknownKey(violation, schema);
    case 'required': {
      const missing = String(params.missingProperty);
      const message =
        violation.path.length === 0 ? `${quote(missing)} is missing` : `${subject} has no ${quote(missing)}`;
      return { code: 'missing-key', message, hint: EXAMPLES[missing] ?? null };
    }
    case 'type':
      return wrongType(violation, subject);
    case 'const':
      return {
        code: 'wrong-value',
        message: `${subject} must be ${JSON.stringify(params.allowedValue)}, not ${describe(value)}`,
        hint: null,
      };
    case 'enum': {
      const allowed = (params.allowedValues as readonly unknown[]).map(String);
      return {
        code: 'wrong-value',
        message: `${subject} must be one of ${allowed.join(', ')}, not ${describe(value)}`,
        hint: typeof value === 'string' ? didYouMean(value, allowed) : null,
      };
    }
    case 'pattern':
      return wrongPattern(violation, subject);
    default:
      return { code: 'out-of-range', message: `${subject} ${outOfRange(violation)}`, hint: null };
  }
}

/** What a value is, in a few words; text is clipped. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty (null)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string')
    return `the text ${quote(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  return String(value);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** What the sentence is about: `"runs"`, `item 3 of "scenarios"`, `the file`. */
function subjectOf({ path }: Violation): string {
  const last = path.at(-1);
  if (last === undefined) return 'it';
  if (typeof last === 'string') return quote(last);
  const list = path.findLast((step) => typeof step === 'string');
  return list === undefined ? `item ${last + 1}` : `item ${last + 1} of ${quote(list)}`;
}

function unknownKey({ path, keyword }: Violation, schema: SchemaNode | null): Words {
  const key = String(path.at(-1));
  const known = knownKeys(schema);
  if (isSecretName(key)) {
    const message = `unknown key ${quote(key)}: keys and passwords never stand in a manifest`;
    const hint = 'put it into an environment variable, and write that name here: api_key_env: OPENAI_API_KEY';
    return { code: 'unknown-key', message, hint };
  }
  const meant = didYouMean(key, known);
  const isAxis = keyword === 'propertyNames';
  const home = meant === null && !isAxis ? homeOf(key) : null;
  const list = isAxis || (known.length > 0 && known.length <= 9) ? `known here: ${known.join(', ')}` : null;
  return { code: 'unknown-key', message: `unknown key ${quote(key)}`, hint: meant ?? home ?? list };
}

const TYPES: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'null',
};

function wrongType({ params, value, path }: Violation, subject: string): Words {
  const types = [...new Set([params.type].flat() as string[])];
  const wanted = types.map((type) => TYPES[type]!);
  const message = `${subject} must be ${joined(wanted)}, not ${describe(value)}`;
  return { code: 'wrong-type', message, hint: typeHint({ types, value, name: path.at(-1) }) };
}

function typeHint(input: {
  types: readonly string[];
  value: unknown;
  name: string | number | undefined;
}): string | null {
  const { types, value, name } = input;
  const isNumeric = types.includes('number') || types.includes('integer');
  if (typeof value === 'string' && isNumeric && value.trim() !== '' && Number.isFinite(Number(value))) {
    return `a number stands without quotes: ${value.trim()}`;
  }
  if (typeof value === 'string' && types.includes('boolean') && /^(true|false|yes|no|on|off)$/i.test(value)) {
    return 'write true or false, without quotes';
  }
  if ((typeof value === 'number' || typeof value === 'boolean') && types.includes('string')) {
    return `in quotes it is text: "${value}"`;
  }
  if (typeof value === 'string' && types.includes('array')) return `a list: [${quote(value.slice(0, 80))}]`;
  if (isNumeric && typeof value === 'string' && typeof name === 'string')
    return `for example: ${name}: ${name === 'temperature' ? '0.2' : '3'}`;
  if (value === null && types.includes('object') && typeof name === 'string')
    return `a map with nothing in it is {}`;
  return null;
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function wrongPattern({ path, value, params }: Violation, subject: string): Words {
  const text = String(value);
  const code = 'wrong-value';
  switch (path.at(-1)) {
    case 'api_key_env': {
      // The text is not repeated: who makes this mistake may have pasted the key itself.
      const hint =
        'put the key into an environment variable and write its name here: api_key_env: OPENAI_API_KEY';
      return { code, message: `${subject} is the name of an environment variable, never a key`, hint };
    }
    case 'timeout':
      return {
        code,
        message: `${subject} is ${describe(text)}`,
        hint: 'seconds, or text such as 500ms, 60s, 5m, 1h',
      };
    case 'name': {
      // Both are called name: the experiment's becomes a folder, a tool's is seen by the model.
      if (!String(params.pattern).startsWith('^[a-z0-9]')) {
        return {
          code,
          message: `${subject} must be 1 to 128 letters, digits, "_", "-" or ".", not ${describe(text)}`,
          hint: null,
        };
      }
      const message = `${subject} is the name of a folder: lower-case letters, digits, ".", "_" and "-", not ${describe(text)}`;
      const slug = text
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[^a-z0-9]+|-+$/g, '')
        .slice(0, 100);
      return { code, message, hint: slug === '' ? null : `for example: ${slug}` };
    }
    default:
      return { code, message: `${subject} has the wrong form: ${describe(text)}`, hint: null };
  }
}

function outOfRange({ keyword, params, value }: Violation): string {
  const { limit } = params as { readonly limit?: number };
  switch (keyword) {
    case 'minimum':
      return `must be at least ${limit}, not ${describe(value)}`;
    case 'maximum':
      return `must be at most ${limit}, not ${describe(value)}`;
    case 'exclusiveMinimum':
      return `must be greater than ${limit}, not ${describe(value)}`;
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return 'must not be empty';
    case 'maxLength':
      return `is ${String(value).length} characters long; the limit is ${limit}`;
    case 'maxItems':
      return `has ${(value as readonly unknown[]).length} items; the limit is ${limit}`;
    case 'maxProperties':
      return `has ${Object.keys(value as object).length} entries; the limit is ${limit}`;
    default:
      return `is not what it must be (${keyword}): ${describe(value)}`;
  }
}

/** What to write where a required key is missing. */
const EXAMPLES: { readonly [key: string]: string | undefined } = {
  version: 'add the line: version: 1',
  name: 'for example: name: my-experiment',
  scenarios: 'for example: scenarios: ["scenarios/**/*.yaml"]',
  variants: 'for example: variants: { baseline: {} }',
  type: 'type: openai (any OpenAI-compatible endpoint) or type: sim (the built-in simulation)',
  id: 'every scenario has its own, for example: id: sanity:one-meeting',
  file: 'for example: { file: prompts/system.md }',
  role: 'one of system, developer, user, assistant, tool',
  input: 'USD per million input tokens',
  output: 'USD per million output tokens',
};
