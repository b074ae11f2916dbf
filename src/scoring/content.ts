// What counts of a scorer and of what it sees of a scenario: the contents that a score's key is made of. Names that it is
// not told, places and scope stay out.
import { codeContent, moduleContent } from '../core/code-content.ts';
import { frameContent } from '../core/frame.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { keyedPassAt } from '../core/meaning.ts';
import { keyedInput, keyedPart } from '../core/media.ts';
import { makePart } from '../core/part.ts';
import type { Precomputed } from '../core/precomputed.ts';
import { ODD_ENDINGS } from '../core/record-ending.ts';
import type { JudgeScorer, ScoredScenario, Scorer } from '../core/scoring.ts';
import type { Part } from '../core/task.ts';
import type { Tested } from '../core/tested.ts';
import { filesShown, hasEndingNote, judgeFields, labelsOf, variableOf } from './judges/judge.ts';

/** Of own scorers and programs: version 1 held no paths of code, and no name that is told (scoring/upgrade.ts). */
export const SCORER_VERSION = 2;

/**
 * What is asked of the scorer, not what is made of what it says (core/meaning.ts). How many votes it has is no part of it
 * either: a fourth vote leaves three as they are.
 */
export function scorerPart(scorer: Scorer): Part {
  const passAt = keyedPassAt(scorer.kind) ?? scorer.passAt;
  return makePart('variant', { kind: scorer.kind, pass_at: passAt, ...contentOf(scorer) });
}

function contentOf(scorer: Scorer): JsonObject {
  switch (scorer.kind) {
    case 'judge':
      return judgeContent(scorer);
    case 'embedding':
      return {
        model: scorer.model,
        ...(scorer.dimensions === null ? {} : { dimensions: scorer.dimensions }),
        ...optionsOf(scorer.params),
      };
    case 'code':
      return { v: SCORER_VERSION, ...optionsOf(scorer.options), ...moduleContent(scorer.harness) };
    case 'command': {
      const { argv, env, code } = scorer.harness;
      const own = { argv, ...optionsOf(scorer.options), env: { ...env.set }, ...codeContent(code) };
      // A program is told the scorer's name; a module is not.
      return { v: SCORER_VERSION, ...own, told: { scorer: scorer.name } };
    }
    case 'outcome':
      return { passes: [...scorer.passes].sort(), fails: [...scorer.fails].sort() };
    case 'precomputed':
      return { score: scorer.score, ...(scorer.range === null ? {} : { range: [...scorer.range] }) };
    default:
      // What a rule's options come to stands in each check.
      return {};
  }
}

function judgeContent(scorer: JudgeScorer): JsonObject {
  return {
    ...(scorer.frame === undefined ? askedContent(scorer) : frameContent(scorer.frame)),
    prompt: scorer.prompt,
    ...(scorer.system === null ? {} : { system: scorer.system }),
    ...(scorer.choices === null ? {} : { choices: labelsOf(scorer.choices) }),
    // Whom an answer is held against stands in the key as that answer.
    ...(scorer.pairwise === undefined ? {} : { pairwise: true }),
  };
}

function askedContent(scorer: JudgeScorer): JsonObject {
  return {
    model: scorer.model,
    ...(scorer.temperature === null ? {} : { temperature: scorer.temperature }),
    ...(scorer.maxOutputTokens === null ? {} : { max_output_tokens: scorer.maxOutputTokens }),
    ...(scorer.seed === null ? {} : { seed: scorer.seed }),
    ...optionsOf(scorer.params),
  };
}

function optionsOf(options: JsonObject): JsonObject {
  return Object.keys(options).length === 0 ? {} : { options };
}

/** An odd end of an answer as far as the judge's question has a line on it; null = its question is that of any answer. */
export function toldEnding(scorer: JudgeScorer, ending: string | null): string | null {
  const isOdd = (ODD_ENDINGS as readonly (string | null)[]).includes(ending);
  return isOdd && hasEndingNote(scorer) ? ending : null;
}

/** What of a scenario this judge's prompt lets through, and how the answer ended where its question says so. */
export function judgeExpectation(
  scorer: JudgeScorer,
  input: {
    readonly scenario: ScoredScenario;
    readonly rubric: string;
    /** Of toldEnding. */
    readonly ending: string | null;
  },
): Part {
  const { scenario, rubric, ending } = input;
  const fields = judgeFields(scorer);
  const content: Record<string, Json> = {};
  if (fields.has('rubric')) content.rubric = rubric;
  if (fields.has('input')) content.input = keyedInput(scenario.input);
  if (fields.has('files')) content.files = filesShown(scorer, scenario).map(keyedPart);
  if (fields.has('expect')) content.expect = scenario.expect;
  if (fields.has('id')) content.id = scenario.id;
  if (fields.has('category')) content.category = scenario.category;
  const vars = [...fields].filter((field) => field.startsWith('vars.')).sort();
  for (const name of vars) content[name] = variableOf(scenario, name.slice('vars.'.length));
  if (ending !== null) content.ending = ending;
  return makePart('scenario', content);
}

/** What an answer's text is held against. */
export function referenceExpectation(reference: string): Part {
  return makePart('scenario', { reference });
}

/** Code and programs may read all that they are handed. */
export function wholeExpectation(scenario: ScoredScenario): Part {
  const { id, input, category, vars, expect } = scenario;
  return makePart('scenario', { id, input: keyedInput(input), category, vars, expect });
}

export function checkExpectation(check: Json, reader: JsonObject = {}): Part {
  return makePart('scenario', { check, ...reader });
}

/** What a scorer of precomputed scores takes beside the answer: all scores that it came with. */
export function precomputedExpectation(came: ReadonlyMap<string, Precomputed>): Part {
  const scores = Object.fromEntries([...came].sort(([a], [b]) => (a < b ? -1 : 1)));
  return makePart('scenario', { check: { kind: 'precomputed', scores } });
}

/** What the scorer of tests judges beside the answer: how its test ended, and with what words. */
export function testedExpectation({ outcome, message }: Tested): Part {
  return makePart('scenario', { check: { kind: 'outcome', outcome, message } });
}
