// What is wrong with an expectation as it is written. Whoever knows the file adds the place and the words "did you mean".
import type { JsonObject } from '../../core/json.ts';

export type Problem = {
  /** From the value that was read. */
  readonly path: readonly (string | number)[];
  readonly part: 'key' | 'value';
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** A word that means nothing here, and those that do. */
  readonly guess: { readonly name: string; readonly known: readonly string[] } | null;
};

export type Path = Problem['path'];

type Said = Pick<Problem, 'message'> & Partial<Problem>;

/** Where something is read, and who is told of what is wrong with it. */
export type At = {
  readonly path: Path;
  readonly tell: (problem: Problem) => void;
  /** JSON Schemas are compiled by a library: whoever wants to know now whether they can be, does it. */
  readonly sawSchema: (schema: JsonObject, path: Path) => void;
};

export function say(input: At, said: Said): null {
  input.tell({
    path: input.path,
    part: 'value',
    severity: 'error',
    code: 'wrong-value',
    hint: null,
    guess: null,
    ...said,
  });
  return null;
}

export function inside(input: At, ...steps: Path): At {
  return { ...input, path: [...input.path, ...steps] };
}

/** Each key that is not among the known ones, once. */
export function sayUnknown(
  input: At,
  context: { readonly keys: readonly string[]; readonly known: readonly string[] },
): void {
  for (const name of context.keys) {
    if (context.known.includes(name)) continue;
    say(inside(input, name), {
      ...{ part: 'key', code: 'unknown-key', message: `unknown key ${JSON.stringify(name)}` },
      hint: `known here: ${context.known.join(', ')}`,
      guess: { name, known: context.known },
    });
  }
}
