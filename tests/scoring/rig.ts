// Answers, scorers and scenarios in a line each.
import type { Json, JsonObject } from '../../src/core/json.ts';
import { ok, type Result } from '../../src/core/result.ts';
import type { ExpectsTools, JudgedOutput, RuleKind, RuleScorer, Verdict } from '../../src/core/scoring.ts';
import { checkFor } from '../../src/scoring/expectations/expectation.ts';
import { scoreByRule } from '../../src/scoring/score.ts';
import { SCENARIO } from '../rig/manifests.ts';

export function said(text: string): JudgedOutput {
  return { text, tool_calls: [], finish_reason: 'stop' };
}

export function calls(made: readonly (readonly [string, JsonObject])[], text = ''): JudgedOutput {
  return {
    text,
    tool_calls: made.map(([name, args]) => ({ name, arguments: args })),
    finish_reason: 'tool_calls',
  };
}

export function scorer(kind: RuleKind, options: JsonObject = {}, name: string = kind): RuleScorer {
  return { kind, name, slug: name, passAt: 1, scope: { scenario: [], category: [], tag: [] }, options };
}

export const expectScorer = scorer('expect');

export type In = { readonly variant?: string; readonly intents?: ExpectsTools };

/** As the program goes about it: the check that the scorer has for the scenario, against the answer. */
export async function judged(
  by: RuleScorer,
  expectation: Json,
  output: JudgedOutput,
  { variant = 'baseline', intents = {} }: In = {},
): Promise<Result<Verdict, string>> {
  const check = checkFor(by, { ...SCENARIO, expect: expectation }, { variant, intents });
  if (check.kind === 'err') return check;
  if (check.value === null) return ok({ score: null, passed: null, label: 'does not apply', reason: null });
  return scoreByRule({ check: check.value, output, passAt: by.passAt });
}
