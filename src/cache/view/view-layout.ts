// Decides what stands where in runs/: today's cells by key, else by name as stale; cells out of today's scope by name.
import path from 'node:path';
import type { Key } from '../../core/brand.ts';
import { sha256Of } from '../../core/canonical.ts';
import { standsFor } from '../../core/counting.ts';
import { type Cell, cellId } from '../../core/task.ts';
import type { IndexDb } from '../index/index-db.ts';
import { COUNTS_FIRST } from '../index/index-tables.ts';
import { keyHeads } from '../index/key-heads.ts';
import type { ViewCell } from '../store.ts';

/** One line to be: which record, in which history file, under which names, in what standing. */
export type ViewLine = {
  readonly id: number;
  readonly file: number;
  readonly variant: string;
  readonly scenario: string;
  readonly category: string | null;
  readonly standing: 'current' | 'stale' | 'out-of-scope';
};
export type ViewFile = { readonly name: string; readonly variant: string; readonly lines: ViewLine[] };

type Head = { readonly id: number; readonly file: number };

/** Lines are a few words each; records and bodies stay where they are. */
export function layOut(input: {
  readonly index: IndexDb;
  readonly cells: Iterable<ViewCell>;
}): readonly ViewFile[] {
  const { index } = input;
  const files = new Map<string, ViewFile>();
  const fileOf = (name: string, variant: string): ViewFile => {
    let file = files.get(name);
    if (!file) {
      file = { name, variant, lines: [] };
      files.set(name, file);
    }
    return file;
  };
  const byName = index.statement(
    `SELECT id, file FROM kept WHERE variant = (SELECT id FROM texts WHERE text = ?)
       AND scenario = (SELECT id FROM texts WHERE text = ?) AND run = ? AND archive IS NULL ORDER BY ${COUNTS_FIRST} LIMIT 1`,
  );
  const heads = {
    byKey: keyHeads(index) as (key: Key) => Head | undefined,
    byCell: ({ variant, scenario, run }: Cell) => byName.get(variant, scenario, run) as Head | undefined,
  };
  const inScope = new Set<string>();
  for (const { variant, scenario, run, category, key, slug } of input.cells) {
    inScope.add(cellId({ variant, scenario, run }));
    const name = `${slug}_run${run}.jsonl`;
    const shown = standsFor(heads, { variant, scenario, run, key });
    if (!shown) continue;
    const { id, file } = shown.record;
    fileOf(name, variant).lines.push({ id, file, variant, scenario, category, standing: shown.standing });
  }
  for (const gone of cellsOutOf(index, inScope)) {
    const { id, file, variant, scenario, category } = gone;
    fileOf(gone.name, variant).lines.push({
      id,
      file,
      variant,
      scenario,
      category,
      standing: 'out-of-scope',
    });
  }
  return [...files.values()]
    .map((file) => ({ ...file, lines: file.lines.sort(byScenario) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One digest over all that decides a file's text. */
export function digestOfLayout(file: ViewFile): string {
  return sha256Of(layoutTexts(file));
}

function* layoutTexts(file: ViewFile): Generator<string> {
  yield JSON.stringify([file.name, file.variant]);
  for (const { id, variant, scenario, category, standing } of file.lines) {
    yield JSON.stringify([id, variant, scenario, category, standing]);
  }
}

/** By UTF-16 code units, not by locale: the same bytes on every machine. */
function byScenario(a: ViewLine, b: ViewLine): number {
  if (a.scenario !== b.scenario) return a.scenario < b.scenario ? -1 : 1;
  return a.id - b.id;
}

type NamedCell = Omit<ViewLine, 'standing'> & { readonly name: string };

function* cellsOutOf(index: IndexDb, inScope: ReadonlySet<string>): Generator<NamedCell> {
  const heads = index.statement('SELECT variant, scenario, run, id, file FROM cell_heads').iterate();
  const more = index.statement(
    'SELECT r.category, f.path FROM records r JOIN files f ON f.id = r.file WHERE r.id = ?',
  );
  for (const row of heads as unknown as Iterable<
    Omit<NamedCell, 'category' | 'name'> & { readonly run: number }
  >) {
    if (inScope.has(cellId(row))) continue;
    const { category, path: place } = more.get(row.id) as {
      readonly category: string | null;
      readonly path: string;
    };
    yield { ...row, category, name: path.posix.basename(place) };
  }
}
