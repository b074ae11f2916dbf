// A whole expectation, `{ tool_calls: ..., contains: ..., any: [...] }` -> one check of all that it asks for.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Check } from '../../core/scoring.ts';
import { COMBINERS, isSingleRule, RULES, SINGLE_RULES } from '../rules/rules.ts';
import { inside, type Problem, say } from './problem.ts';
import { joined, type Reader, readRule } from './read-rule.ts';

/** Nobody nests deeper, except by mistake or malice. */
const MAX_NESTING = 20;

/** Whether it holds anything that a rule reads. */
export function hasRules(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).some(isRuleKey);
}

/** null: it asks for nothing that a rule reads, or problems were told. */
export function readExpectation(value: Json, reader: Reader, depth = 0): Check | null {
  const { at } = reader;
  if (depth > MAX_NESTING)
    return say(at, { code: 'too-deep', message: `nested deeper than ${MAX_NESTING} levels` });
  if (!isJsonObject(value))
    return depth === 0 ? null : say(at, { message: 'an expectation is a map of rules' });
  const isInner = depth > 0;
  const parts: Check[] = [];
  let sound = true;
  for (const [name, written] of Object.entries(value)) {
    if (!isRuleKey(name)) {
      if (isInner) {
        sound = false;
        sayForeign(name, reader);
      }
      continue;
    }
    const part = readPart(name, {
      value: written ?? null,
      reader: { ...reader, at: inside(at, name) },
      depth,
    });
    if (part === null) sound = false;
    else parts.push(part);
  }
  if (!sound) return null;
  if (parts.length > 0) return joined('all', parts);
  return isInner
    ? say(at, { message: 'no rule stands here', hint: `known rules: ${RULE_KEYS.join(', ')}` })
    : null;
}

const RULE_KEYS: readonly string[] = [...SINGLE_RULES, ...COMBINERS];

function isRuleKey(name: string): boolean {
  return isSingleRule(name) || (COMBINERS as readonly string[]).includes(name);
}

type Part = { readonly value: Json; readonly reader: Reader; readonly depth: number };

function readPart(name: string, { value, reader, depth }: Part): Check | null {
  if (isSingleRule(name)) return readRule(name, { value, manner: RULES[name].manner, reader });
  if (name === 'not') {
    const of = readExpectation(value, reader, depth + 1);
    return of && { kind: 'not', of };
  }
  if (!Array.isArray(value) || value.length === 0) {
    return say(reader.at, {
      message: `${JSON.stringify(name)} is a list of expectations`,
      hint: `for example: ${name}: [{ clarify: true }, { contains: sorry }]`,
    });
  }
  const list = value as readonly Json[];
  const of = list.map((item, n) => readExpectation(item, { ...reader, at: inside(reader.at, n) }, depth + 1));
  return of.every((check) => check !== null) ? { kind: name as 'any' | 'all', of: of as Check[] } : null;
}

function sayForeign(name: string, { at }: Reader): void {
  say(inside(at, name), {
    ...{ part: 'key', code: 'unknown-key', message: `${JSON.stringify(name)} is no rule` },
    hint: `known rules: ${RULE_KEYS.join(', ')}`,
    guess: { name, known: RULE_KEYS },
  });
}

/** Keys that are free, unless one is near to a known one: `tool_call` is not free. Three letters are near to too many words. */
export function nearMisses(expect: JsonObject, names: readonly string[]): readonly Problem[] {
  const known = [...SINGLE_RULES, 'judge', 'embedding', ...names].filter((name) => name.length > 3);
  const free = Object.keys(expect).filter(
    (name) => !isRuleKey(name) && name !== 'judge' && name !== 'embedding' && !names.includes(name),
  );
  return free.map((name) => ({
    path: [name],
    part: 'key',
    severity: 'warning',
    code: 'near-rule',
    hint: null,
    message: `no scorer reads ${JSON.stringify(name)}`,
    guess: { name, known },
  }));
}
