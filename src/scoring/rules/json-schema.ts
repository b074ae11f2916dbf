// JSON Schemas of users and their tools. The only file that knows the package `ajv`: it is loaded where there is a schema
// to hold something against, and nowhere else.
import { Ajv, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { thrownMessage } from '../../core/thrown.ts';
import { CannotJudge, type SchemaCheck } from '../reading/match-result.ts';
import { withinTime } from './time-limit.ts';
import { clip } from './words.ts';

export type { SchemaCheck };

/** Formats are not looked at; a schema of another draft or with words of its own is no mistake. */
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  logger: false,
  code: { regExp: Object.assign(watchedPattern, { code: 'new RegExp' }) },
});

/** The pattern that was looked for last: where a check is stopped, the one that did not end. */
let atWork: string | null = null;

function watchedPattern(pattern: string, flags: string): { test(text: string): boolean; toString(): string } {
  const compiled = new RegExp(pattern, flags);
  return {
    test(text) {
      atWork = pattern;
      return compiled.test(text);
    },
    // The library keeps one of each text.
    toString: () => String(compiled),
  };
}

/** A check of what a model wrote, in a thread that others use as well: a quarter of a second is a thousand times enough. */
const CHECK_MS = 250;

/** @returns err: why it was stopped, a sentence without its end. Never throws. */
export function checkBounded(check: SchemaCheck, value: unknown): Result<readonly string[], string> {
  atWork = null;
  try {
    return ok(withinTime(() => check(value), CHECK_MS));
  } catch (error) {
    // A schema that refers to itself without end fills the stack.
    if (!(error instanceof CannotJudge))
      return err(`the schema cannot be held against it: ${thrownMessage(error)}`);
    const what = atWork === null ? 'the schema' : `the pattern /${clip(atWork, MAX_PATTERN)}/ of the schema`;
    return err(
      `${what} took longer than ${CHECK_MS} ms and was stopped: it backtracks without end on this value`,
    );
  }
}

const MAX_PATTERN = 120;

const MAX_KEPT = 1000;
const kept = new Map<string, Result<SchemaCheck, string>>();

export function compileSchema(schema: JsonObject): Result<SchemaCheck, string> {
  const text = JSON.stringify(schema);
  let compiled = kept.get(text);
  if (compiled === undefined) {
    compiled = compile(schema);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(text, compiled);
  }
  return compiled;
}

function compile(schema: JsonObject): Result<SchemaCheck, string> {
  const { $schema, $id, ...content } = schema;
  try {
    const validate = ajv.compile(content);
    // The library would keep it for good.
    ajv.removeSchema(content);
    return ok((value) => mistakesOf(validate, value));
  } catch (error) {
    return err((error as Error).message.replace(/^schema is invalid: /, ''));
  }
}

function mistakesOf(validate: ValidateFunction, value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`.trim());
}
