// The keys of the matrix.
import { bindKeys } from '../base/keys.ts';
import { useEffect, useRef } from '../base/preact.ts';
import type { Move } from './moves.ts';
import { SEARCH_EXAMPLE } from './search.tsx';

export type MatrixKeys = {
  readonly move: (move: Move) => void;
  readonly open: () => void;
  readonly search: () => void;
  readonly clear: () => void;
};

const MOVES: readonly (readonly [keys: readonly string[], does: string, move: Move])[] = [
  [['j', 'ArrowDown'], 'next scenario', { kind: 'by', rows: 1, columns: 0 }],
  [['k', 'ArrowUp'], 'previous scenario', { kind: 'by', rows: -1, columns: 0 }],
  [['h', 'ArrowLeft'], 'variant to the left', { kind: 'by', rows: 0, columns: -1 }],
  [['l', 'ArrowRight'], 'variant to the right', { kind: 'by', rows: 0, columns: 1 }],
  [['PageDown'], 'a page down', { kind: 'page', pages: 1 }],
  [['PageUp'], 'a page up', { kind: 'page', pages: -1 }],
  [['g'], 'first scenario', { kind: 'top' }],
  [['G'], 'last scenario', { kind: 'end' }],
  [['Home'], 'first variant', { kind: 'first' }],
  [['End'], 'last variant', { kind: 'last' }],
];
const RUNS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export function useMatrixKeys(keys: MatrixKeys): void {
  // Bound once: what they do is of the newest drawing.
  const now = useRef(keys);
  now.current = keys;
  useEffect(
    () =>
      bindKeys(
        [
          ...MOVES.flatMap(([names, does, move]) =>
            names.map((key) => ({ key, does, run: () => now.current.move(move) })),
          ),
          { key: 'Enter', does: 'open side by side', run: () => now.current.open() },
          ...RUNS.map((run) => ({
            key: String(run),
            does: 'pick a run of the cell',
            run: () => now.current.move({ kind: 'run', run }),
          })),
          { key: '/', does: 'search texts, calls and names, of all rows', run: () => now.current.search() },
          { key: 'Escape', does: 'clear search and filters', run: () => now.current.clear() },
        ],
        { note: `Search: ${SEARCH_EXAMPLE}` },
      ),
    [],
  );
}
