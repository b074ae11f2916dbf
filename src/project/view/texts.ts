// Searching what was asked and answered. Records are read once, in the background and a little at a time, when somebody first searches;
// what was read stays known by the digest of the answer, so a revision reads only what is new. What a term found is kept, too.
import { setImmediate } from 'node:timers/promises';
import { sha256 } from '../../core/canonical.ts';
import type { Clock } from '../../core/clock.ts';
import type { ScenarioResult } from '../../core/record.ts';
import { searchLine, type TextFinder, type TextTerm, textLine } from '../../screens/search-texts.ts';
import { callOf } from './draw.ts';
import type { Snapshot } from './snapshot.ts';
import { type Bits, makeBits, openTextFile, type TextFile } from './text-file.ts';

export type Texts = Disposable & {
  /** Of what was read by now. Waits a moment for reading to end: a small experiment is searched whole. */
  finder(snapshot: Snapshot, terms: readonly TextTerm[]): Promise<TextFinder>;
};

/** Reads for so long, then lets others go on. */
const SLICE_MS = 12;
const WAIT_MS = 150;
/** While it reads, it tells so often that more was read. */
const TELL_MS = 1_500;
const MAX_TERMS = 64;

type Found = { readonly hits: Bits; scanned: number; last: Promise<void> };

type Input = {
  readonly clock: Clock;
  /** Keeps the newest snapshot open meanwhile; null = there is none. */
  readonly withNewest: (use: (snapshot: Snapshot | null) => boolean) => Promise<boolean>;
  /** Whoever was told of a part may ask again. */
  readonly onMore: () => void;
};

export function openTexts({ clock, withNewest, onMore }: Input): Texts {
  let file: TextFile | null = null;
  /** What a text is the same by -> its line. */
  const lines = new Map<string, number>();
  const found = new Map<string, Found>();
  let progress: Progress | null = null;
  let reading: Promise<void> | null = null;
  let isAwaited = false;
  let isClosed = false;

  function progressOf(snapshot: Snapshot): Progress {
    if (progress?.snapshot.cells === snapshot.cells) return progress;
    const live = snapshot.cells.rows.length + snapshot.cells.records.length;
    // What edits left behind is more than what is there.
    if (file !== null && file.count() > 2 * live + 1_000) forget();
    progress = beginProgress(snapshot, progress);
    return progress;
  }

  function forget(): void {
    file?.[Symbol.dispose]();
    file = null;
    progress = null;
    lines.clear();
    found.clear();
  }

  /** @returns whether all was read */
  function readSome(snapshot: Snapshot): boolean {
    const now = progressOf(snapshot);
    file ??= openTextFile();
    const untilMs = clock.monotonicMs() + SLICE_MS;
    while (now.next < now.todo.length) {
      const place = now.todo[now.next++]!;
      const text = textAt(snapshot, place);
      let line = lines.get(text.name);
      if (line === undefined) {
        line = file.add(text.line());
        lines.set(text.name, line);
      }
      now.lines[place] = line;
      if (clock.monotonicMs() >= untilMs) break;
    }
    return now.next >= now.todo.length;
  }

  async function read(): Promise<void> {
    let toldMs = clock.monotonicMs();
    while (
      !isClosed &&
      !(await withNewest((snapshot) => snapshot === null || isClosed || readSome(snapshot)))
    ) {
      if (isAwaited && clock.monotonicMs() - toldMs > TELL_MS) {
        toldMs = clock.monotonicMs();
        onMore();
      }
      await setImmediate();
    }
    if (isAwaited && !isClosed) onMore();
    isAwaited = false;
  }

  async function hitsOf(term: TextTerm): Promise<Bits> {
    const name = JSON.stringify(term);
    const known = found.get(name) ?? { hits: makeBits(), scanned: 0, last: Promise.resolve() };
    found.delete(name);
    found.set(name, known);
    if (found.size > MAX_TERMS) found.delete(found.keys().next().value!);
    const from = file;
    known.last = known.last.then(async () => {
      if (from !== null && from === file) known.scanned = await from.scan(term, known.scanned, known.hits);
    });
    await known.last;
    return known.hits;
  }

  return {
    async finder(snapshot, terms) {
      if (progressOf(snapshot).next < progress!.todo.length || file === null) {
        reading ??= read().finally(() => {
          reading = null;
        });
        let cancel = (): void => {};
        const patience = new Promise<void>((resolve) => {
          cancel = clock.after(WAIT_MS, resolve);
        });
        await Promise.race([reading, patience]);
        cancel();
      }
      const now = progressOf(snapshot);
      const { next, todo } = now;
      if (next < todo.length) isAwaited = true;
      const hits = new Map<string, Bits>();
      for (const term of terms) hits.set(JSON.stringify(term), await hitsOf(term));
      const { rows, columns } = snapshot.index;
      const width = columns.reduce((sum, { runs }) => sum + runs.length, 0);
      return {
        searched: todo.length === 0 ? 1 : Math.floor((next / todo.length) * 1_000) / 1_000,
        find(term) {
          const bits = hits.get(JSON.stringify(term))!;
          const has = (place: number): boolean => now.lines[place]! >= 0 && bits.has(now.lines[place]!);
          return {
            row: (row) => term.kind === 'word' && has(row),
            run: (row, place) => has(rows.length + row * width + place),
          };
        },
      };
    },
    [Symbol.dispose]() {
      isClosed = true;
      // What is scanned now is not torn away from under it.
      const open = file;
      file = null;
      void Promise.allSettled([...found.values()].map(({ last }) => last)).then(() =>
        open?.[Symbol.dispose](),
      );
    },
  };
}

/** Texts of one revision: of the rows first, then of their runs. */
type Progress = {
  readonly snapshot: Pick<Snapshot, 'cells' | 'store'>;
  /** Places without a line. */
  readonly todo: Int32Array;
  next: number;
  /** By place; -1 = none, or not read yet. */
  readonly lines: Int32Array;
};

/** What stands where it stood before has its line already. */
function beginProgress(snapshot: Snapshot, before: Progress | null): Progress {
  const { cells, store } = snapshot;
  const rows = cells.rows.length;
  const lines = new Int32Array(rows + cells.records.length).fill(-1);
  const todo = new Int32Array(lines.length);
  const known = before?.snapshot.store === store && before.lines.length === lines.length ? before : null;
  let count = 0;
  for (let place = 0; place < lines.length; place++) {
    const record = place < rows ? -1 : cells.records[place - rows]!;
    const isSame = known !== null && record >= 0 && known.snapshot.cells.records[place - rows] === record;
    if (isSame) lines[place] = known.lines[place]!;
    if (lines[place]! < 0 && (place < rows || record >= 0)) todo[count++] = place;
  }
  return { snapshot: { cells, store }, todo: todo.slice(0, count), next: 0, lines };
}

/** What a text is the same by, and how it is read where nobody has. */
function textAt(snapshot: Snapshot, place: number): { readonly name: string; readonly line: () => string } {
  const { cells, store } = snapshot;
  const { rows } = cells;
  if (place < rows.length) {
    const text = rowText(snapshot, rows[place]!.scenario);
    return { name: `scenario ${sha256(text)}`, line: () => textLine(text) };
  }
  const row = store.row(cells.records[place - rows.length]!);
  // What cannot be read cannot be found; its page says why.
  if (row === undefined) return { name: 'gone', line: () => '' };
  return {
    name: row.outputDigest ?? `failed ${row.key} ${row.startedAt}`,
    line() {
      const read = store.read(row);
      return read.kind === 'ok' ? recordLine(read.value, row.ending) : '';
    },
  };
}

function recordLine({ output, attempts }: ScenarioResult, ending: string | null): string {
  const finish = [output?.finish_reason ?? null, ending].flatMap((word) => word ?? []);
  if (output === null)
    return searchLine({ text: attempts.at(-1)?.error?.message ?? null, toolCalls: [], finish });
  const text = output.refusal === undefined ? output.text : `${output.text}\n${output.refusal}`;
  return searchLine({ text, toolCalls: output.tool_calls.map(callOf), finish });
}

/** What a scenario says of itself and asks; of one that the manifest does not have, its name alone. */
function rowText({ experiment }: Snapshot, scenario: string): string {
  const at = experiment.scenarioIndex.get(scenario);
  if (at === undefined) return scenario;
  const { description, input } = experiment.manifest.scenarios[at]!;
  const asked =
    typeof input === 'string' ? input : input.map(({ content }) => contentText(content)).join('\n');
  return [scenario, description ?? '', asked].join('\n');
}

function contentText(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}
