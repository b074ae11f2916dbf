// `assert:` of promptfoo -> what a scenario expects, and the scorers that read it. What no rule tells stays in the expectation as
// it was written, under `promptfoo`, and is named.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { assertionFrom, isAssertionType } from '../../manifest/scenarios/promptfoo-assertion.ts';
import type { Notes } from './draft.ts';
import { rowOf } from './names.ts';
import {
  findNamed,
  isPlacedMap,
  itemsOf,
  leave,
  member,
  openSource,
  type Placed,
  type Reach,
  textOf,
} from './source.ts';

/** What the scorers of the manifest have to be, gathered over all tests. */
export type ScorersNeeded = {
  rubrics: number;
  /** Of judges: what is enough, as often as it was said. */
  readonly thresholds: Map<number, number>;
  /** Scorers of nearness by name. */
  readonly nearness: Map<string, { readonly passAt: number }>;
  /** The first that said who grades. */
  grader: Placed<Json> | null;
  rules: boolean;
};

export function makeScorersNeeded(): ScorersNeeded {
  return { rubrics: 0, thresholds: new Map(), nearness: new Map(), grader: null, rules: false };
}

export type AssertsContext = {
  readonly notes: Notes;
  readonly reach: Reach;
  readonly needed: ScorersNeeded;
  /** `assertionTemplates:` of the config. */
  readonly templates: Placed<Json>;
};

type Found = {
  readonly rules: JsonObject[];
  readonly rubrics: string[];
  readonly named: { [scorer: string]: Json };
  readonly kept: Json[];
};

/** null: nothing is expected. All of it has to hold, as there. */
export function expectationOf(
  asserts: readonly Placed<Json>[],
  variables: ReadonlyMap<string, string>,
  context: AssertsContext,
): JsonObject | null {
  const found: Found = { rules: [], rubrics: [], named: {}, kept: [] };
  for (const assert of asserts) take(assert, { found, variables, context });
  const { rules, rubrics, named, kept } = found;
  if (rules.length > 0) context.needed.rules = true;
  if (rubrics.length > 0) context.needed.rubrics++;
  const joined = rules.length > 1 ? { all: rules } : (rules[0] ?? {});
  const expect: JsonObject = {
    ...joined,
    ...(rubrics.length === 0
      ? {}
      : {
          judge:
            rubrics.length === 1
              ? rubrics[0]!
              : `All of this holds:\n${rubrics.map((one) => `- ${one}`).join('\n')}`,
        }),
    ...named,
    ...(kept.length === 0 ? {} : { promptfoo: kept }),
  };
  return Object.keys(expect).length === 0 ? null : expect;
}

type TakeInput = {
  readonly found: Found;
  readonly variables: ReadonlyMap<string, string>;
  readonly context: AssertsContext;
};

const KNOWN = new Set(['type', 'value', 'threshold', 'provider', 'metric', 'weight']);

/** What no rule tells is kept as it was written. */
function take(written: Placed<Json>, input: TakeInput): void {
  const untaken = translated(written, input);
  if (untaken === null) return;
  leave(input.context.notes, written, { what: `assert ${untaken.what}`, why: untaken.why });
  input.found.kept.push(written.value);
}

type Untaken = { readonly what: string; readonly why: string };

/** null: it is among what was found. */
function translated(written: Placed<Json>, input: TakeInput): Untaken | null {
  const { found, context } = input;
  const assert = resolved(written, context);
  if (!isPlacedMap(assert) || typeof assert.value.type !== 'string') {
    const named = isJsonObject(written.value) ? (written.value.$ref ?? '') : written.value;
    return { what: typeof named === 'string' ? named : JSON.stringify(named), why: 'it has no type' };
  }
  const { type: told } = assert.value;
  const type = told.replace(/^not-/, '');
  const isNot = type !== told;
  if (type === 'assert-set') return takeSet(assert, input);
  leaveOptions(assert, type, context);
  const value = writtenValue(assert, context);
  if (value.kind === 'none') return { what: told, why: value.why };
  if (type === 'similar' && !isNot) return takeSimilar(assert, { value: value.value, found, context });
  if (!isAssertionType(type))
    return { what: told, why: CODE.has(type) ? OWN_CODE : (rowOf(BY_ELSE, type) ?? OWN_CODE) };
  const read = assertionFrom({ type, isNot, value: value.value }, input.variables);
  if (read.kind === 'none') return { what: told, why: read.instead };
  if (read.kind === 'rule') found.rules.push(read.rule);
  else {
    found.rubrics.push(read.text);
    takeJudge(assert, context);
  }
  return null;
}

function leaveOptions(assert: Placed<JsonObject>, type: string, { notes }: AssertsContext): void {
  for (const name of Object.keys(assert.value).filter((one) => !KNOWN.has(one)))
    leave(notes, member(assert, name), {
      what: `assert ${type}: ${name}`,
      why: name === 'transform' ? 'it is code: the whole answer is judged' : 'it is not known here',
    });
  if (assert.value.weight !== undefined && assert.value.weight !== 1)
    leave(notes, member(assert, 'weight'), {
      what: 'assert weight',
      why: 'expectations have no weights: all of them have to hold',
    });
  if (assert.value.metric !== undefined)
    leave(notes, member(assert, 'metric'), {
      what: 'assert metric',
      why: 'scores are named by the scorers that give them: a scorer with a name of its own, and the same name under expect',
    });
}

function takeJudge(assert: Placed<JsonObject>, { needed }: AssertsContext): void {
  const { threshold, provider } = assert.value;
  if (typeof threshold === 'number')
    needed.thresholds.set(threshold, (needed.thresholds.get(threshold) ?? 0) + 1);
  if (provider !== undefined && provider !== null) needed.grader ??= member(assert, 'provider');
}

const CODE: ReadonlySet<string> = new Set(['javascript', 'python', 'ruby', 'fn', 'eval']);
const OWN_CODE =
  'judge it by own code: scorers: [expect, { use: ./score.ts }]; it stays in the expectation under promptfoo';
const BY_ELSE: { readonly [type: string]: string | undefined } = {
  'is-valid-openai-tools-call': 'tools that were called, and their arguments, are expected by tool_calls',
  'tool-call-f1': 'tools that were called, and their arguments, are expected by tool_calls',
  'trajectory:tool-used': 'tools that were called, and their arguments, are expected by tool_calls',
};

/** `$ref: "#/assertionTemplates/startsUpper"`. */
function resolved(written: Placed<Json>, { templates }: AssertsContext): Placed<Json> {
  if (typeof written.value === 'string') return { ...written, value: null };
  const name =
    isJsonObject(written.value) && typeof written.value.$ref === 'string'
      ? /^#\/assertionTemplates\/(.+)$/.exec(written.value.$ref)?.[1]
      : undefined;
  if (name === undefined || !isPlacedMap(templates)) return written;
  return Object.hasOwn(templates.value, name) ? member(templates, name) : written;
}

type Value =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'none'; readonly why: string };

/** `file://expected.txt` is its text, a schema in a file is that schema; code in a file is named. */
function writtenValue(assert: Placed<JsonObject>, { reach }: AssertsContext): Value {
  const { value = '' } = assert.value;
  if (typeof value !== 'string' || !value.startsWith('file://')) return { kind: 'value', value: value ?? '' };
  if (!/\.(?:txt|md|json|ya?ml)$/i.test(value)) return { kind: 'none', why: OWN_CODE };
  const found = findNamed(value, assert.source.folder, reach);
  if (found.kind === 'none') return { kind: 'none', why: `${value}: ${found.why}` };
  return {
    kind: 'value',
    value: /\.(?:txt|md)$/i.test(value) ? textOf(found.file).trim() : openSource(found.file, reach).value,
  };
}

/** Some of several: a threshold of 1, or none, means all; a share that one of them reaches means any. null: it is taken. */
function takeSet(assert: Placed<JsonObject>, input: TakeInput): Untaken | null {
  const inner = itemsOf(member(assert, 'assert'), 'assert-set: assert', input.context.notes);
  const { threshold } = assert.value;
  if (threshold === undefined || threshold === null || threshold === 1) {
    for (const one of inner) take(one, input);
    return null;
  }
  const what = 'assert-set';
  if (typeof threshold !== 'number' || inner.length === 0 || threshold <= 0 || threshold > 1 / inner.length)
    return {
      what,
      why: 'a share of several is a scorer of its own: scorers: [{ expect: {}, pass_at: 0.5 }] has them all, and passes where enough of them hold',
    };
  const own: Found = { rules: [], rubrics: [], named: {}, kept: [] };
  for (const one of inner) take(one, { ...input, found: own });
  if (own.rubrics.length > 0 || own.kept.length > 0 || Object.keys(own.named).length > 0)
    return {
      what,
      why: 'one of several is told by rules alone: any: [...], and no judge or code among them',
    };
  input.found.rules.push({ any: own.rules });
  return null;
}

const NEAR_ENOUGH = 0.75;

type SimilarInput = { readonly value: Json; readonly found: Found; readonly context: AssertsContext };

/** null: it is taken. */
function takeSimilar(assert: Placed<JsonObject>, { value, found, context }: SimilarInput): Untaken | null {
  const what = 'similar';
  if (typeof value !== 'string' || value === '')
    return {
      what,
      why: 'one text is held against an answer; several are own code: scorers: [{ use: ./score.ts }]',
    };
  const { threshold, provider } = assert.value;
  const passAt = typeof threshold === 'number' ? threshold : NEAR_ENOUGH;
  const name = `similar-${passAt}`;
  if (Object.hasOwn(found.named, name))
    return { what, why: 'two texts with one threshold: a scorer has one reference a scenario' };
  if (provider !== undefined && provider !== null)
    leave(context.notes, member(assert, 'provider'), {
      what: 'assert similar: provider',
      why: `who embeds stands with the scorer ${name}`,
    });
  context.needed.nearness.set(name, { passAt });
  found.named[name] = value;
  return null;
}
