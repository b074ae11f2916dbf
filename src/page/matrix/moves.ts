// Where a key leads to from where the reader stands.
import type { Place } from './address.ts';

export type Bounds = {
  readonly rows: number;
  /** Runs of each column. */
  readonly columns: readonly (readonly number[])[];
  /** Rows that are seen at once. */
  readonly pageRows: number;
};

export type Move =
  | { readonly kind: 'by'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'page'; readonly pages: number }
  | { readonly kind: 'top' | 'end' | 'first' | 'last' }
  | { readonly kind: 'run'; readonly run: number };

export const START: Place = { row: 0, column: 0, run: null };

/** Pure. What a move leads to; the edge holds. */
export function moved(at: Place, move: Move, { rows, columns, pageRows }: Bounds): Place {
  const to = (row: number, column = at.column): Place => {
    const inside = { row: clamp(row, rows), column: clamp(column, columns.length) };
    return { ...inside, run: inside.column === at.column ? at.run : null };
  };
  switch (move.kind) {
    case 'by':
      return to(at.row + move.rows, at.column + move.columns);
    case 'page':
      return to(at.row + move.pages * Math.max(1, pageRows - 1));
    case 'top':
      return to(0);
    case 'end':
      return to(rows - 1);
    case 'first':
      return to(at.row, 0);
    case 'last':
      return to(at.row, columns.length - 1);
    case 'run': {
      // The same key once more lets go of it.
      if (!columns[at.column]?.includes(move.run)) return at;
      return { ...at, run: at.run === move.run ? null : move.run };
    }
    default:
      return move satisfies never;
  }
}

function clamp(at: number, count: number): number {
  return Math.max(0, Math.min(at, count - 1));
}
