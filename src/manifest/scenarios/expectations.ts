// The scenarios' expectations against the scorers: what no scorer can read, and scorers that nothing is expected of.
import { isJsonObject, type Json } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { RuleScorer, Scorer } from '../../core/scoring.ts';
import {
  expectationProblems,
  isInScope,
  nearMisses,
  type Path,
  referenceFor,
  rubricFor,
} from '../../scoring/expectations/expectation.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { expectationPlace, type SeenSchema } from './expectation-words.ts';
import type { FoundScenario } from './scenarios.ts';
import { makeUnread } from './unread-expectations.ts';

/** `own`: its place in the manifest. */
export type Declared = { readonly scorer: Scorer; readonly own: JsonPath };

type Checking = {
  readonly reading: Reading;
  readonly scorers: readonly Scorer[];
  readonly declared: readonly Declared[];
  readonly scenarios: readonly FoundScenario[];
  readonly schemas: SeenSchema[];
  readonly hasTests: boolean;
};
/** `free`: keys that are near to no other; thousands of scenarios have the same ones. `told`: expectations with a finding. */
type Looking = Checking & { readonly free: Set<string>; readonly told: WeakSet<object> };

export function checkExpectations(input: Checking): void {
  const checking: Looking = { ...input, free: new Set(), told: new WeakSet() };
  const { scorers, scenarios } = checking;
  const inScope = new Set<Scorer>();
  const applied = new Set<Scorer>();
  const once = makeOnce();
  const unread = makeUnread(checking);
  for (const found of scenarios) {
    if (once('keys', found.scenario.expect)) checkKeys(found, checking);
    for (const scorer of scorers) {
      if (!isInScope(scorer.scope, found.scenario)) continue;
      inScope.add(scorer);
      unread.look(scorer, found);
      if (scorer.kind === 'code' || scorer.kind === 'command') applied.add(scorer);
      else if (scorer.kind === 'outcome') {
        if (checking.hasTests) applied.add(scorer);
      } else if (scorer.kind === 'precomputed') {
        applied.add(scorer);
      } else if (scorer.kind === 'judge') {
        if (rubricFor(scorer, found.scenario) !== null) applied.add(scorer);
      } else if (scorer.kind === 'embedding') {
        if (referenceFor(scorer, found.scenario) !== null) applied.add(scorer);
      } else if (once(scorer, found.scenario.expect)) {
        if (checkRules(scorer, found, checking)) applied.add(scorer);
      }
    }
    const { expect } = found.scenario;
    unread.end(found, isJsonObject(expect) && checking.told.has(expect));
  }
  // Where something could not be read, that is why.
  if (scenarios.length > 0 && !checking.reading.findings.hasErrors()) {
    reportIdle(checking, { inScope, applied });
    unread.report();
  }
}

/** The defaults of a file are one expectation, however many scenarios share them. */
function makeOnce(): (who: unknown, expect: Json) => boolean {
  const seen = new Map<unknown, WeakSet<object>>();
  return (who, expect) => {
    if (typeof expect !== 'object' || expect === null) return true;
    let known = seen.get(who);
    if (!known) {
      known = new WeakSet();
      seen.set(who, known);
    }
    if (known.has(expect)) return false;
    known.add(expect);
    return true;
  };
}

/** Whether the scorer has something to judge here, rightly written or not. */
function checkRules(scorer: RuleScorer, found: FoundScenario, checking: Checking): boolean {
  const { tell, sawSchema } = placeOf(found, checking);
  const { applies, problems } = expectationProblems(scorer, { expect: found.scenario.expect, sawSchema });
  for (const problem of problems) tell(problem);
  return applies;
}

function placeOf({ scenario, locate, index }: FoundScenario, { reading, schemas }: Checking) {
  return expectationPlace({
    findings: reading.findings,
    file: scenario.source.file,
    schemas,
    locate: (target) => locate(index, { ...target, path: ['expect', ...target.path] }),
  });
}

/** Keys that are nearly one that a scorer reads, and a judge's rubric that is no text. */
function checkKeys(found: FoundScenario, checking: Looking): void {
  const { expect } = found.scenario;
  if (!isJsonObject(expect)) return;
  const place = placeOf(found, checking);
  const tell: typeof place.tell = (problem) => {
    checking.told.add(expect);
    place.tell(problem);
  };
  const names = checking.scorers.map(({ name }) => name);
  for (const { guess, ...problem } of nearMisses(expect, names)) {
    if (guess === null || checking.free.has(guess.name)) continue;
    if (didYouMean(guess.name, guess.known) === null) checking.free.add(guess.name);
    else tell({ ...problem, guess });
  }
  const near = checking.scorers.filter(({ kind }) => kind === 'embedding').map(({ name }) => name);
  for (const name of near.length === 0 ? [] : new Set(['embedding', ...near])) {
    if (!Object.hasOwn(expect, name)) continue;
    const reference = expect[name];
    if (typeof reference === 'string' && reference.trim() !== '') continue;
    const message = `${JSON.stringify(name)} is a reference: the text that a good answer is near to`;
    const told = { path: [name] as Path, part: 'value', severity: 'error', guess: null } as const;
    tell({ ...told, code: 'wrong-value', message, hint: null });
  }
  const judges = checking.scorers.filter(({ kind }) => kind === 'judge').map(({ name }) => name);
  for (const name of new Set(['judge', ...judges])) {
    if (!Object.hasOwn(expect, name)) continue;
    const told = { path: [name] as Path, part: 'value', severity: 'error', guess: null } as const;
    const rubric = expect[name];
    if (typeof rubric !== 'string' || rubric.trim() === '') {
      const message = `${JSON.stringify(name)} is a rubric: text that says what a good answer is`;
      tell({ ...told, code: 'wrong-value', message, hint: null });
    } else if (judges.length === 0) {
      const message = 'no scorer reads this rubric: the manifest has scorers, and none is a judge';
      tell({
        ...told,
        part: 'key',
        severity: 'warning',
        code: 'unread',
        message,
        hint: 'add to scorers: - judge',
      });
    }
  }
}

/** A scorer that has nothing to do is a mistake somewhere: in its scope, or in the scenarios. */
function reportIdle(
  { reading, declared }: Checking,
  input: { readonly inScope: ReadonlySet<Scorer>; readonly applied: ReadonlySet<Scorer> },
): void {
  for (const { scorer, own } of declared) {
    if (input.applied.has(scorer)) continue;
    const name = JSON.stringify(scorer.name);
    const warn = (path: JsonPath, message: string, hint: string): void =>
      say(reading, { path, severity: 'warning', code: 'idle-scorer', message, hint });
    if (!input.inScope.has(scorer)) {
      warn(
        [...own, 'only'],
        `no scenario is in the scope of the scorer ${name}`,
        'globs are over ids, categories and tags',
      );
      continue;
    }
    const key = scorer.kind === 'expect' ? 'rules' : scorer.name;
    const hint =
      scorer.kind === 'judge'
        ? `write a "rubric:" in the judge, or "expect: { ${key}: ... }" in the scenarios`
        : scorer.kind === 'embedding'
          ? `write "expect: { ${key}: ... }" in the scenarios, or "reference:" in the scorer`
          : scorer.kind === 'expect'
            ? 'for example, in a scenario: expect: { contains: Paris }'
            : scorer.kind === 'outcome'
              ? 'it judges tests: the variants have no "pytest"'
              : `write "expect: { ${key}: ... }" in the scenarios, or what is expected of all of them in the scorer`;
    warn(own, `the scorer ${name} has nothing to judge: no scenario has an expectation for it`, hint);
  }
}
