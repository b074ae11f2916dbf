// Searching what was asked and answered. Records are read once, in the background and a little at a time, when somebody first searches;
// what was read stays known by the digest of the answer, so a revision reads only what is new. What a term found is kept, too.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import type { TextFinder, TextTerm } from '../../screens/search-texts.ts';
import type { Snapshot } from './snapshot.ts';
import { type Bits, makeBits, openTextFile, type TextFile } from './text-file.ts';
import { beginProgress, type Progress } from './texts-progress.ts';

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
  /** Whose numbers of records the progress has. */
  let store: Snapshot['store'] | null = null;
  let reading: Promise<void> | null = null;
  let isAwaited = false;
  let isClosed = false;

  function progressOf(snapshot: Snapshot): Progress {
    if (progress?.cells === snapshot.cells) return progress;
    const live = snapshot.cells.rows.length + snapshot.cells.records.length;
    // What edits left behind is more than what is there.
    if (file !== null && file.count() > 2 * live + 1_000) forget();
    const before = progress;
    const isSameStore = before !== null && store === snapshot.store;
    progress = beginProgress(snapshot, isSameStore ? before : null);
    ({ store } = snapshot);
    before?.[Symbol.dispose]();
    return progress;
  }

  function forget(): void {
    file?.[Symbol.dispose]();
    file = null;
    progress?.[Symbol.dispose]();
    progress = null;
    lines.clear();
    found.clear();
  }

  /** @returns whether all was read */
  function readSome(snapshot: Snapshot): boolean {
    const now = progressOf(snapshot);
    file ??= openTextFile();
    const into = file;
    const untilMs = clock.monotonicMs() + SLICE_MS;
    const lineOf = (name: string, text: () => string): number => {
      const known = lines.get(name);
      if (known !== undefined) return known;
      const line = into.add(text());
      lines.set(name, line);
      return line;
    };
    while (now.searched() < 1 && clock.monotonicMs() < untilMs) now.readOne(lineOf);
    return now.searched() === 1;
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
      if (progressOf(snapshot).searched() < 1 || file === null) {
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
      const searched = now.searched();
      if (searched < 1) isAwaited = true;
      const hits = new Map<string, Bits>();
      for (const term of terms) hits.set(JSON.stringify(term), await hitsOf(term));
      const { rows, columns } = snapshot.index;
      const width = columns.reduce((sum, { runs }) => sum + runs.length, 0);
      return {
        searched,
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
      progress?.[Symbol.dispose]();
      // What is scanned now is not torn away from under it.
      const open = file;
      file = null;
      void Promise.allSettled([...found.values()].map(({ last }) => last)).then(() =>
        open?.[Symbol.dispose](),
      );
    },
  };
}
