// Holds data against the schemas and says every mistake in words. The checks are ajv's, compiled beforehand:
// scripts/generate-validators.ts. The schema files themselves are read only when there is something to explain.
import * as generated from '../generated/validators.ts';
import type { JsonPath } from './place.ts';
import { schemaOf } from './schema-node.ts';
import { wordsFor } from './schema-words.ts';
import type { Shape, Words } from './shape.ts';

export type SchemaMistake = {
  /** From the value that was checked. */
  readonly path: JsonPath;
  readonly part: 'key' | 'value';
  /** The sentence costs a look into the schema: call it for what is shown. */
  readonly say: () => Words;
  /** The same for the same mistake in another item of the file. */
  readonly alike: string;
};

/** An empty list: the data has the shape. */
export function mistakesOf(shape: Shape, value: unknown): readonly SchemaMistake[] {
  const check = CHECKS[shape];
  if (check(value)) return NONE;
  return withoutEchoes(check.errors ?? []).map((error) => toMistake({ error, shape, value }));
}

type AjvError = {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
  /** Set on errors about a member's name itself. */
  readonly propertyName?: string;
};
type Check = { (value: unknown): boolean; errors?: readonly AjvError[] | null };

const NONE: readonly never[] = [];

const CHECKS: { readonly [shape in Shape]: Check } = {
  experiment: generated.checkExperiment as unknown as Check,
  variant: generated.checkVariant as unknown as Check,
  tool: generated.checkTool as unknown as Check,
  scenario: generated.checkScenario as unknown as Check,
  message: generated.checkMessage as unknown as Check,
  said: generated.checkSaid as unknown as Check,
  part: generated.checkPart as unknown as Check,
  intents: generated.checkIntents as unknown as Check,
  'sim-answers': generated.checkSimAnswers as unknown as Check,
  'price-list': generated.checkPriceList as unknown as Check,
  defaults: generated.checkDefaults as unknown as Check,
};

/**
 * An `anyOf` fails with the errors of all its branches. The branches differ by type here, so the branch that was
 * meant is known by the value: its errors are kept. Where no branch takes the type, one error names all types.
 */
function withoutEchoes(all: readonly AjvError[]): readonly AjvError[] {
  // A refused name comes twice: as an error of its own schema, and as `propertyNames`.
  const errors = all.filter((error) => error.propertyName === undefined);
  const places = new Set(errors.flatMap((error) => (error.keyword === 'anyOf' ? [error.instancePath] : [])));
  if (places.size === 0) return errors;
  const types = new Map<string, string[]>();
  const meant = new Set<string>();
  for (const error of errors) {
    if (error.keyword === 'anyOf') continue;
    if (places.has(error.instancePath) && error.keyword === 'type') {
      const wanted = [error.params.type].flat() as string[];
      types.set(error.instancePath, [...(types.get(error.instancePath) ?? []), ...wanted]);
    }
    // A place inside one that has branches: the branch that leads to it was the one that was meant.
    const isType = places.has(error.instancePath) && error.keyword === 'type';
    const start = isType ? parentOf(error.instancePath) : error.instancePath;
    for (let at: string | null = start; at !== null; at = parentOf(at)) {
      if (places.has(at)) meant.add(at);
    }
  }
  return errors.flatMap((error) => {
    const isPlace = places.has(error.instancePath);
    if (error.keyword === 'anyOf') {
      const type = types.get(error.instancePath);
      return meant.has(error.instancePath) || !type ? [] : [{ ...error, keyword: 'type', params: { type } }];
    }
    return isPlace && error.keyword === 'type' ? [] : [error];
  });
}

function parentOf(pointer: string): string | null {
  return pointer === '' ? null : pointer.slice(0, pointer.lastIndexOf('/'));
}

function toMistake(input: { error: AjvError; shape: Shape; value: unknown }): SchemaMistake {
  const { error, shape } = input;
  const { keyword, params } = error;
  const holder = follow(input.value, error.instancePath);
  const extra =
    keyword === 'additionalProperties'
      ? params.additionalProperty
      : keyword === 'propertyNames'
        ? params.propertyName
        : null;
  const path = typeof extra === 'string' ? [...holder.path, extra] : holder.path;
  return {
    path,
    alike: JSON.stringify([keyword, shape, path.filter((step) => typeof step === 'string')]),
    part: typeof extra === 'string' || keyword === 'required' ? 'key' : 'value',
    say: () =>
      wordsFor(
        { keyword, params, path, value: holder.value },
        schemaOf({ shape, path: holder.path, value: input.value }),
      ),
  };
}

/** A JSON pointer as a path: list indexes become numbers. */
function follow(root: unknown, pointer: string): { readonly path: JsonPath; readonly value: unknown } {
  let value = root;
  const path: (string | number)[] = [];
  for (const escaped of pointer.split('/').slice(1)) {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(name) : name);
    value = (value as { readonly [name: string]: unknown })[name];
  }
  return { path, value };
}
