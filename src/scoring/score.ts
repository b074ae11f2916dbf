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
export async function scoreByRule(input: RuleInput): Promise<Result<Verdict, string>> {
  const atOnce = scoreAtOnce(input);
  if (atOnce !== null) return atOnce;
  const parts = partsOf(input.check);
  if (parts.compiled === null) {
    const schemas = await compiled(parts.schemas);
    if (schemas.kind === 'err') return schemas;
    parts.compiled = schemas.value;
  }
  try {
    return ok(judged(input, await askAutoevals(parts.autoevals, input.output)));
  } catch (error) {
    return whyNot(error);
  }
}

/** The same of a rule that waits for nothing; null of any other, and of one whose schemas were not compiled yet. */
export function scoreAtOnce(input: RuleInput): Result<Verdict, string> | null {
  const problem = tooMuch(input.output);
  if (problem !== null) return err(problem);
  const { autoevals, compiled: schemas } = partsOf(input.check);
  if (autoevals.length > 0 || schemas === null) return null;
  try {
    return ok(judged(input, NOT_ASKED));
  } catch (error) {
    return whyNot(error);
  }
}

const NOT_ASKED: ReadonlyMap<Check, MatchResult> = new Map();

function judged({ check, output, passAt }: RuleInput, asked: ReadonlyMap<Check, MatchResult>): Verdict {
  const { mayTakeLong, compiled: schemas } = partsOf(check);
  const work = (): MatchResult => evaluate(check, { output, asked, schemas: schemas! });
  const held = mayTakeLong ? withinTime(work) : work();
  // The rules of endings say it by themselves.
  const saysIt = held.score === 1 || check.kind === 'finish_reason' || check.kind === 'refused';
  return verdictOf(saysIt ? held : withEnding(held, output), passAt);
}

/** @throws what is no trouble of the rule's */
function whyNot(error: unknown): Result<never, string> {
  if (error instanceof CannotJudge) return err(reason(error.message));
  // Recursion without end: of a pattern, or of a schema that refers to itself.
  if ((error as Error | null)?.name === 'RangeError')
    return err('the expectation is too complex for this answer: the stack is full');
  throw error;
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
  /** null = there are schemas, and none was compiled yet. */
  compiled: SchemaSource | null;
};

/** One check judges every answer to its scenario: it is looked through once. */
const known = new WeakMap<Check, Parts>();

function partsOf(check: Check): Parts {
  const found = known.get(check) ?? findParts(check);
  known.set(check, found);
  return found;
}

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
  const compiled = schemas.length === 0 ? NO_SCHEMAS : null;
  return { schemas, autoevals, mayTakeLong: hasPatterns || schemas.length > 0, compiled };
}

const NO_SCHEMAS: SchemaSource = () => () => [];

/** The library that compiles schemas is loaded where there is one. */
async function compiled(schemas: readonly JsonObject[]): Promise<Result<SchemaSource, string>> {
  const checks = new Map<object, SchemaCheck>();
  const { compileSchema } = await import('./rules/json-schema.ts');
  for (const schema of schemas) {
    const check = compileSchema(schema);
    if (check.kind === 'err')
      return err(reason(`the JSON Schema of the expectation cannot be used: ${check.error}`));
    checks.set(schema, check.value);
  }
  return ok((schema) => checks.get(schema)!);
}

async function askAutoevals(
  checks: Parts['autoevals'],
  output: JudgedOutput,
): Promise<ReadonlyMap<Check, MatchResult>> {
  if (checks.length === 0) return NOT_ASKED;
  const { holdAutoevals } = await import('./rules/autoevals.ts');
  const asked = new Map<Check, MatchResult>();
  for (const check of checks) asked.set(check, await holdAutoevals(check, output));
  return asked;
}
