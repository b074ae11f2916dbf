// The door to the rules: a check against an answer -> a verdict, or why there is none. No model, no other program.
import type { JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Check, JudgedOutput, ValueCheck, Verdict } from '../core/scoring.ts';
import { tooMuch } from './reading/bounds.ts';
import { CannotJudge, type MatchResult, type SchemaSource } from './reading/match-result.ts';
import { endingWords } from './rules/ending-words.ts';
import { evaluate } from './rules/evaluate.ts';
import type { SchemaCheck } from './rules/json-schema.ts';
import { withinTime } from './rules/time-limit.ts';
import { reason } from './rules/words.ts';

export type RuleInput = {
  readonly check: Check;
  readonly output: JudgedOutput;
  /** 0..1. */
  readonly passAt: number;
};

/** An error is a missing score with this reason, never a zero. */
export async function scoreByRule({ check, output, passAt }: RuleInput): Promise<Result<Verdict, string>> {
  const problem = tooMuch(output);
  if (problem !== null) return err(problem);
  const found = findParts(check);
  const schemas = await compiled(found.schemas);
  if (schemas.kind === 'err') return schemas;
  try {
    const asked = found.autoevals.length === 0 ? new Map() : await askAutoevals(found.autoevals, output);
    const work = (): MatchResult => evaluate(check, { output, asked, schemas: schemas.value });
    const held = found.mayTakeLong ? withinTime(work) : work();
    // The rules of endings say it by themselves.
    const saysIt = held.score === 1 || check.kind === 'finish_reason' || check.kind === 'refused';
    return ok(verdictOf(saysIt ? held : withEnding(held, output), passAt));
  } catch (error) {
    if (error instanceof CannotJudge) return err(reason(error.message));
    // Recursion without end: of a pattern, or of a schema that refers to itself.
    if ((error as Error | null)?.name === 'RangeError')
      return err('the expectation is too complex for this answer: the stack is full');
    throw error;
  }
}

/** What was cut off, refused or filtered is told with what it lacks. */
function withEnding(held: MatchResult, output: JudgedOutput): MatchResult {
  const words = endingWords(output);
  return words === null ? held : { ...held, reason: `${words}; ${held.reason}` };
}

function verdictOf(held: MatchResult, passAt: number): Verdict {
  return { score: held.score, passed: held.score >= passAt, label: null, reason: reason(held.reason) };
}

type Parts = {
  readonly schemas: readonly JsonObject[];
  readonly autoevals: readonly Extract<Check, { kind: 'autoevals' }>[];
  /** Patterns, and schemas, which may hold patterns. */
  readonly mayTakeLong: boolean;
};

function findParts(root: Check): Parts {
  const schemas: JsonObject[] = [];
  const autoevals: Extract<Check, { kind: 'autoevals' }>[] = [];
  let hasPatterns = false;
  const look = ({ schema, regex }: ValueCheck): void => {
    if (schema !== undefined) schemas.push(schema);
    if (regex !== undefined) hasPatterns = true;
  };
  const visit = (check: Check): void => {
    if (check.kind === 'all' || check.kind === 'any') check.of.forEach(visit);
    else if (check.kind === 'not') visit(check.of);
    else if (check.kind === 'regex') hasPatterns = true;
    else if (check.kind === 'autoevals') autoevals.push(check);
    else if (check.kind === 'tool_calls')
      for (const call of check.calls) Object.values(call.arguments).forEach(look);
    else if (check.kind === 'json') {
      if (check.schema !== null) schemas.push(check.schema);
      Object.values(check.values).forEach(look);
    }
  };
  visit(root);
  return { schemas, autoevals, mayTakeLong: hasPatterns || schemas.length > 0 };
}

/** The library that compiles schemas is loaded where there is one. */
async function compiled(schemas: readonly JsonObject[]): Promise<Result<SchemaSource, string>> {
  const checks = new Map<object, SchemaCheck>();
  if (schemas.length > 0) {
    const { compileSchema } = await import('./rules/json-schema.ts');
    for (const schema of schemas) {
      const check = compileSchema(schema);
      if (check.kind === 'err')
        return err(reason(`the JSON Schema of the expectation cannot be used: ${check.error}`));
      checks.set(schema, check.value);
    }
  }
  return ok((schema) => checks.get(schema)!);
}

async function askAutoevals(
  checks: Parts['autoevals'],
  output: JudgedOutput,
): Promise<ReadonlyMap<Check, MatchResult>> {
  const { holdAutoevals } = await import('./rules/autoevals.ts');
  const asked = new Map<Check, MatchResult>();
  for (const check of checks) asked.set(check, await holdAutoevals(check, output));
  return asked;
}
