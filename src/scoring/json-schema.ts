// JSON Schemas of users and their tools. The only file that knows the package `ajv`: it is loaded where there is a schema
// to hold something against, and nowhere else.
import { Ajv, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';

/** Mistakes in words, e.g. `/items/0/name must be string`; none: the value has the shape. */
export type SchemaCheck = (value: unknown) => readonly string[];

/** Formats are not looked at; a schema of another draft or with words of its own is no mistake. */
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });

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
