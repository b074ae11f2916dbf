// A Python file as text, with what is said of it: places, and names that lead to what was assigned to them.
import type { Notes } from './draft.ts';
import { assignmentOf, type Expression, placeIn } from './python-text.ts';
import type { Reach } from './source.ts';

export type PythonFile = {
  /** Absolute. */
  readonly file: string;
  readonly shown: string;
  readonly source: string;
  readonly reach: Reach;
  readonly notes: Notes;
};

export function placer({ source, shown }: PythonFile): (expression: Expression) => string {
  return ({ offset }) => {
    const { line, column } = placeIn(source, offset);
    return `${shown}:${line}:${column}`;
  };
}

/** A name is what was assigned to it above; a function without arguments stays a name. */
export function followed(
  { source }: PythonFile,
  expression: Expression | null,
  above: number,
): Expression | null {
  if (expression?.kind !== 'name') return expression;
  return assignmentOf(source, expression.name, above) ?? expression;
}
