// Expectations that no scorer reads: they judge nothing, and whoever wrote them thinks that they do. Said once, with their
// number and what to add.
import { isJsonObject, type Json } from '../../core/json.ts';
import type { Scorer } from '../../core/scoring.ts';
import { expectationProblems, hasRules } from '../../scoring/expectations/expectation.ts';
import { judgeFields } from '../../scoring/judges/judge.ts';
import type { Reading } from '../reading.ts';
import type { FoundScenario } from './scenarios.ts';

export type Unread = {
  /** Of each scorer that a scenario is in the scope of. */
  look(scorer: Scorer, found: FoundScenario): void;
  /** When all scorers were asked about it. `isTold`: what is wrong with its own words was told already. */
  end(found: FoundScenario, isTold: boolean): void;
  report(): void;
};

export function makeUnread(input: {
  readonly reading: Reading;
  readonly scorers: readonly Scorer[];
  readonly scenarios: readonly FoundScenario[];
  readonly hasTests: boolean;
}): Unread {
  const { reading, scorers, scenarios, hasTests } = input;
  // The defaults of a file are one expectation for all of its scenarios.
  const known = new Map<Scorer, WeakMap<object, boolean>>();
  const forAll = new Map<Scorer, boolean>();
  let isRead = false;
  let count = 0;
  let first: FoundScenario | null = null;

  function reads(scorer: Scorer, expect: Json): boolean {
    if (typeof expect !== 'object' || expect === null) return readsNow(scorer, expect);
    const answers = known.get(scorer) ?? new WeakMap<object, boolean>();
    known.set(scorer, answers);
    const answer = answers.get(expect) ?? readsNow(scorer, expect);
    answers.set(expect, answer);
    return answer;
  }

  function readsNow(scorer: Scorer, expect: Json): boolean {
    const names = (name: string): boolean => isJsonObject(expect) && Object.hasOwn(expect, name);
    switch (scorer.kind) {
      case 'code':
      case 'command':
        return true;
      case 'outcome':
      case 'precomputed':
        return false;
      case 'judge':
        return (
          typeof expect === 'string' ||
          names(scorer.name) ||
          names('judge') ||
          judgeFields(scorer).has('expect')
        );
      case 'embedding':
        if (names(scorer.name) || names('embedding')) return true;
        return scorer.reference === null && (typeof expect === 'string' || names('exact'));
      default: {
        if (names(scorer.name) || names(scorer.kind)) return true;
        // What a scorer expects of all scenarios says nothing of this one's own words.
        const applies = forAll.get(scorer) ?? appliesTo(scorer, null);
        forAll.set(scorer, applies);
        return !applies && appliesTo(scorer, expect);
      }
    }
  }

  return {
    look(scorer, { scenario: { expect } }) {
      if (!isRead && expect !== null) isRead = reads(scorer, expect);
    },
    end(found, isTold) {
      // Tests judge by themselves, and what their scenarios expect is theirs to read.
      if (!isRead && !isTold && found.scenario.expect !== null && !hasTests) {
        count++;
        first ??= found;
      }
      isRead = false;
    },
    report() {
      if (first === null) return;
      const { scenario, locate, index } = first;
      const of =
        count === scenarios.length
          ? `all ${count} scenarios have`
          : `${count} of ${scenarios.length} scenarios have`;
      const have = scenarios.length === 1 ? 'the scenario has' : of;
      reading.findings.add(scenario.source.file, () => ({
        severity: 'warning',
        code: 'unread-expect',
        message: `${have} an "expect" that no scorer reads: nothing judges these answers by it`,
        hint: hintFor(scenario.expect, scorers.length),
        location: locate(index, { path: ['expect'], part: 'value' }),
      }));
    },
  };
}

type Rule = Exclude<Scorer, { kind: 'code' | 'command' | 'judge' | 'embedding' | 'outcome' | 'precomputed' }>;

function appliesTo(scorer: Rule, expect: Json): boolean {
  return expectationProblems(scorer, { expect, sawSchema: () => {} }).applies;
}

function hintFor(expect: Json, scorers: number): string {
  if (hasRules(expect)) return 'add "- expect" to "scorers:": it judges all rules of an expectation';
  if (isJsonObject(expect))
    return 'no key of it is a rule: write for example expect: { contains: ... }, or declare a scorer of your own, scorers: [{ use: ./score.ts }]';
  const where = scorers === 0 ? 'add to the manifest "scorers: [exact]"' : 'add "- exact" to "scorers:"';
  return `${where} (or contains, numeric, autoevals, judge), or write it under a rule: expect: { contains: ... }; in CSV a column "expect.contains", or map: { expect: { contains: COLUMN } }`;
}
