// The door to what is expected: which part of a scenario's expectation a scorer judges, as a check with nothing left to
// look up; and for whoever reads the manifest, what is wrong with it as written.
import { matchesAny } from '../../core/glob.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Scenario } from '../../core/manifest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type {
  CallCheck,
  Check,
  EmbeddingScorer,
  ExpectsTools,
  JudgeScorer,
  RuleScorer,
  ScorerScope,
} from '../../core/scoring.ts';
import { COMBINERS, RULES, type SingleRule } from '../rules/rules.ts';
import { type IntentCall, resolveIntent } from './intent-calls.ts';
import { type At, inside, type Path, type Problem, say, sayUnknown } from './problem.ts';
import { isKnownAutoeval } from './read-autoevals.ts';
import type { ResolveIntent } from './read-calls.ts';
import { hasRules, readExpectation } from './read-expectation.ts';
import { checkManner, FORMS, readRule } from './read-rule.ts';
import { widen } from './widen.ts';

export { readerVersion } from '../reading/reader-version.ts';
export { COMBINERS, isSingleRule, SCORER_KINDS, SINGLE_RULES } from '../rules/rules.ts';
export type { Path, Problem } from './problem.ts';
export { hasRules, nearMisses } from './read-expectation.ts';

/**
 * What a rule has to hold against the answers of one variant to one scenario; null: the scorer does not apply.
 * An error (an intent that the variant's tools do not know, say) is a missing score with this reason.
 */
export function checkFor(
  scorer: RuleScorer,
  scenario: Scenario,
  input: { readonly variant: string; readonly intents: ExpectsTools },
): Result<Check | null, string> {
  if (!isInScope(scorer.scope, scenario)) return ok(null);
  const kept = memo(scorer, scenario.expect);
  if (kept?.has) return kept.get();
  const problems: Problem[] = [];
  let asked = false;
  const resolve: ResolveIntent = (call: IntentCall, place: At): CallCheck | null => {
    asked = true;
    const found = resolveIntent(call, input);
    return found.kind === 'ok' ? found.value : say(place, { code: 'no-intent', message: found.error });
  };
  const tell = (problem: Problem): void => void (problem.severity === 'error' && problems.push(problem));
  const read = readFor(scorer, { expect: scenario.expect, resolve, tell, sawSchema: () => {} });
  const first = problems[0];
  const result: Result<Check | null, string> = first
    ? err(`${pathText(first.path)}: ${first.message}`)
    : ok(read);
  // Of variants only intents know.
  if (!asked) kept?.set(result);
  return result;
}

/** The intents that a scorer reads of an expectation, and the check with `resolve`'s word in the place of each. */
export function expectedCalls(
  scorer: RuleScorer,
  scenario: Scenario,
  resolve: (call: IntentCall) => CallCheck,
): Check | null {
  if (!isInScope(scorer.scope, scenario)) return null;
  const quiet = { tell: () => {}, sawSchema: () => {} };
  return readFor(scorer, { expect: scenario.expect, resolve, ...quiet });
}

export function isInScope(scope: ScorerScope, scenario: Pick<Scenario, 'id' | 'category' | 'tags'>): boolean {
  const { category, tags } = scenario;
  return (
    matchesAny(scope.scenario, scenario.id) &&
    (scope.category.length === 0 || (category !== null && matchesAny(scope.category, category))) &&
    (scope.tag.length === 0 || tags.some((tag) => matchesAny(scope.tag, tag)))
  );
}

/**
 * What a judge holds an answer against: the scenario's own words before the scorer's. Empty: its prompt asks for none.
 * null: it has none for this scenario, and does not apply.
 */
export function rubricFor(scorer: JudgeScorer, scenario: Scenario): string | null {
  if (!isInScope(scorer.scope, scenario)) return null;
  const { expect } = scenario;
  const own = isJsonObject(expect) ? (memberOf(expect, scorer.name) ?? memberOf(expect, 'judge')) : expect;
  if (typeof own === 'string' && own !== '') return own;
  if (scorer.rubric !== null) return scorer.rubric;
  return /\{\{\s*rubric\s*\}\}/.test(scorer.prompt) ? null : '';
}

/**
 * The text that an answer is held against: the scenario's own words before the scorer's, then the whole answer that it expects.
 * What an answer has to contain is no answer. null: there is none, and the scorer does not apply.
 */
export function referenceFor(scorer: EmbeddingScorer, scenario: Scenario): string | null {
  if (!isInScope(scorer.scope, scenario)) return null;
  const { expect } = scenario;
  const own = isJsonObject(expect)
    ? (memberOf(expect, scorer.name) ?? memberOf(expect, 'embedding'))
    : undefined;
  return textIn(own) ?? scorer.reference ?? wholeAnswer(expect);
}

/** `Paris`, or what `exact` wants. */
function wholeAnswer(expect: Json): string | null {
  if (!isJsonObject(expect)) return textIn(expect);
  const exact = memberOf(expect, 'exact');
  return textIn(isJsonObject(exact) ? memberOf(exact, 'text') : exact);
}

function textIn(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** Everything that is wrong with what a scorer reads of an expectation; paths start at the expectation. */
export function expectationProblems(
  scorer: RuleScorer,
  input: { readonly expect: Json; readonly sawSchema: At['sawSchema'] },
): { readonly applies: boolean; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const tell = (problem: Problem): void => void problems.push(problem);
  const check = readFor(scorer, { ...input, resolve: anyCall, tell });
  return { applies: check !== null || problems.length > 0, problems };
}

/** A scorer's own options, with the manner filled in; null: problems were told. */
export function readOptions(kind: SingleRule, written: Json, input: At): JsonObject | null {
  const { manner, content } = RULES[kind];
  const own = written === null ? {} : widen(kind, written);
  if (own === null) return say(input, { message: `${JSON.stringify(kind)} is ${FORMS[kind]}` });
  sayUnknown(input, { keys: Object.keys(own), known: [...content, ...Object.keys(manner)] });
  const isSound = checkManner(kind, { written: own, at: input });
  const full = { ...manner, ...own };
  if (kind === 'autoevals' && !isKnownAutoeval(typeof full.scorer === 'string' ? full.scorer : '', input))
    return null;
  if (hasContent(kind, full)) {
    const quiet = {
      ...input,
      tell: (problem: Problem) => void (problem.code !== 'unknown-key' && input.tell(problem)),
    };
    if (readRule(kind, { value: own, manner, reader: { at: quiet, resolve: anyCall } }) === null) return null;
  }
  return isSound ? full : null;
}

/** The same of a scorer of kind `expect`: nothing, or an expectation for all scenarios. */
export function readWhole(written: Json, input: At): JsonObject | null {
  if (written === null) return {};
  if (!hasRules(written))
    return say(input, {
      message: '"expect" is a map of rules, or nothing: the expectation is the scenario\'s',
    });
  const check = readExpectation(written, { at: input, resolve: anyCall });
  return check && (written as JsonObject);
}

/** Names that mean something else in an expectation than a scorer of that name. */
export function isTakenName(name: string, kind: string): boolean {
  if ((COMBINERS as readonly string[]).includes(name)) return true;
  return (
    name !== kind &&
    (Object.hasOwn(RULES, name) || name === 'judge' || name === 'embedding' || name === 'expect')
  );
}

type Reading = Omit<At, 'path'> & {
  readonly expect: Json;
  readonly resolve: ResolveIntent;
};

function readFor(scorer: RuleScorer, reading: Reading): Check | null {
  const { expect, resolve, tell, sawSchema } = reading;
  const at: At = { path: [], tell, sawSchema };
  if (scorer.kind === 'expect') return readWholeFor(scorer, reading);
  const found = ownExpectation(scorer, { kind: scorer.kind, expect });
  if (found === null) return null;
  const reader = { at: inside(at, ...found.path), resolve };
  return readRule(scorer.kind, { value: found.value, manner: mannerOf(scorer), reader });
}

function readWholeFor(scorer: RuleScorer, { expect, resolve, tell, sawSchema }: Reading): Check | null {
  const at: At = { path: [], tell, sawSchema };
  const own = scorer.name === 'expect' || !isJsonObject(expect) ? undefined : memberOf(expect, scorer.name);
  if (own !== undefined) return readExpectation(own, { at: inside(at, scorer.name), resolve }, 1);
  const isForAll = Object.keys(scorer.options).length > 0;
  return readExpectation(isForAll ? scorer.options : expect, { at, resolve });
}

/** The scenario's words for it by name, by kind; the scorer's own for all; a bare value. */
function ownExpectation(
  scorer: RuleScorer,
  input: { readonly kind: SingleRule; readonly expect: Json },
): { readonly value: Json; readonly path: Path } | null {
  const { kind, expect } = input;
  if (isJsonObject(expect)) {
    for (const name of [scorer.name, kind]) {
      const value = memberOf(expect, name);
      if (value === undefined) continue;
      if (kind !== 'autoevals') return { value, path: [name] };
      const given = givenToAutoevals(value);
      return given.scorer === undefined || given.scorer === scorer.options.scorer
        ? { value: given, path: [name] }
        : null;
    }
  }
  if (hasContent(kind, scorer.options)) return { value: scorer.options, path: [] };
  if (isJsonObject(expect) || expect === null) return null;
  if (kind === 'autoevals') return { value: { expected: expect }, path: [] };
  return widen(kind, expect) === null ? null : { value: expect, path: [] };
}

function givenToAutoevals(value: Json): JsonObject {
  const isFull =
    isJsonObject(value) && ['scorer', 'expected', 'options'].some((name) => Object.hasOwn(value, name));
  return isFull ? value : { expected: value };
}

function mannerOf(scorer: RuleScorer): JsonObject {
  const names = Object.keys(RULES[scorer.kind as SingleRule].manner);
  return Object.fromEntries(names.map((name) => [name, scorer.options[name]]));
}

/** Whether the options say by themselves what is expected. */
function hasContent(kind: SingleRule, options: JsonObject): boolean {
  if (kind === 'autoevals' && options.scorer === 'ValidJSON') return true;
  return RULES[kind].content.some((name) => Object.hasOwn(options, name));
}

function memberOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const anyCall: ResolveIntent = () => ({ names: [], arguments: {} });

type Kept = {
  readonly has: boolean;
  readonly get: () => Result<Check | null, string>;
  readonly set: (result: Result<Check | null, string>) => void;
};

const read = new WeakMap<RuleScorer, WeakMap<object, Result<Check | null, string>>>();

/** Planning asks for each variant again, and the defaults of a file are one expectation for all of its scenarios. */
function memo(scorer: RuleScorer, expect: Json): Kept | null {
  if (typeof expect !== 'object' || expect === null) return null;
  let ofScorer = read.get(scorer);
  if (!ofScorer) {
    ofScorer = new WeakMap();
    read.set(scorer, ofScorer);
  }
  const results = ofScorer;
  return {
    has: results.has(expect),
    get: () => results.get(expect)!,
    set: (result) => void results.set(expect, result),
  };
}

/** `expect.tool_calls[0]` */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => `${text}${typeof step === 'number' ? `[${step}]` : `.${step}`}`,
    'expect',
  );
}
